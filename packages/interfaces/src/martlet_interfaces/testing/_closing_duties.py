"""Duties of `Connector.close`."""

import warnings
from typing import Final

from ._conformance_error import demand
from ._probe import Duty, Probe
from ._recording import Recording
from ._request_bodies import StuckBody

__all__ = ["CLOSING_DUTIES"]


def _close_and_ignore(probe: Probe) -> None:
    """Close, and do not await what comes back: a coroutine would complain, and do nothing."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        probe.connector.close()
    complaints = [str(one.message).partition("\n")[0] for one in caught]
    demand(not complaints, f"what close() returned was ignored: {', '.join(complaints)}")


async def _idempotent(probe: Probe) -> None:
    await probe.fetch("/echo")
    await probe.close()
    await probe.close()
    _close_and_ignore(probe)


async def _ignored(probe: Probe) -> None:
    await probe.fetch("/echo")
    _close_and_ignore(probe)
    await probe.error(probe.start("/echo"))


async def _unused(probe: Probe) -> None:
    await probe.close()


async def _pending(probe: Probe) -> None:
    sending = probe.start("/hang")
    await probe.settle()
    _close_and_ignore(probe)
    await probe.error(sending)
    await probe.close()
    demand(not sending.recording.calls, f"the receiver got {sending.recording.calls} besides")


async def _uploading(probe: Probe) -> None:
    body = StuckBody()
    sending = probe.start("/echo", method="PUT", body=body)
    probe.step = "write_to to be called"
    await body.started.wait()
    _close_and_ignore(probe)
    await probe.error(sending)
    probe.step = "write_to to be cancelled"
    await body.ended.wait()


async def _in_body(probe: Probe) -> None:
    paused = probe.start("/large", recording=Recording(pause_at_head=True))
    waiting = probe.start("/hang-in-body")
    for sending in (paused, waiting):
        await probe.exchange(sending)
    _close_and_ignore(probe)
    for sending in (paused, waiting):
        probe.demand_error(await probe.end(sending), f"the sink of {sending.what} ended with")


async def _later(probe: Probe) -> None:
    await probe.close()
    for _ in range(2):
        sending = probe.start("/echo")
        await probe.error(sending)
        demand(not sending.recording.calls, f"the receiver got {sending.recording.calls} besides")


CLOSING_DUTIES: Final = (
    Duty("close may be repeated", _idempotent),
    Duty("close takes effect at the call, and need not be awaited", _ignored),
    Duty("close may come before any send", _unused),
    Duty("close fails a send that waits for the head", _pending),
    Duty("close fails a send whose body is being written", _uploading),
    Duty("close fails a body that is under way", _in_body),
    Duty("a send after close fails", _later),
)
