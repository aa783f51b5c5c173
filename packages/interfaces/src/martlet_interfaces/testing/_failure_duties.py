"""Duties about what goes wrong on the way: where it is told, and as what."""

from typing import Final

from martlet_interfaces import Timeouts

from ._conformance_error import demand
from ._origin import PARTIAL
from ._probe import Duty, Probe

__all__ = ["FAILURE_DUTIES"]

# However long it takes: nothing will come.
_SHORT: Final = Timeouts(sock_read=0.01)


async def _before_head(probe: Probe) -> None:
    sending = probe.start("/break-before-head")
    await probe.error(sending)
    await probe.turns(5)
    demand(not sending.recording.calls, f"the receiver got {sending.recording.calls} besides")


async def _in_body(probe: Probe) -> None:
    sending = probe.start("/break-in-body")
    await probe.exchange(sending)
    probe.demand_error(await probe.end(sending), "the sink ended with")
    await probe.turns(5)
    calls = sending.recording.calls
    ends = [call for call in calls if call in {"eof", "fail"}]
    demand(ends == calls[-1:], f"the sink got {' and '.join(calls)}")
    # What had come before may be delivered or not, but nothing else.
    demand(PARTIAL.startswith(sending.recording.body), f"the body was {sending.recording.body!r}")


async def _recovers(probe: Probe) -> None:
    for path in ("/break-before-head", "/break-in-body", "/break-before-head"):
        sending = probe.start(path)
        if not isinstance(await probe.outcome(sending), BaseException):
            await probe.end(sending)
        await probe.demand_usable()


async def _slow_head(probe: Probe) -> None:
    error = await probe.error(probe.start("/hang", timeouts=_SHORT))
    demand(isinstance(error, TimeoutError), f"{error!r} is no TimeoutError")
    await probe.demand_usable()


async def _slow_body(probe: Probe) -> None:
    sending = probe.start("/hang-in-body", timeouts=_SHORT)
    await probe.exchange(sending)
    error = await probe.end(sending)
    probe.demand_error(error, "the sink ended with")
    demand(isinstance(error, TimeoutError), f"{error!r} is no TimeoutError")
    await probe.demand_usable()


FAILURE_DUTIES: Final = (
    Duty("a failure before the head is raised by send", _before_head),
    Duty("a failure in the body goes to the sink", _in_body),
    Duty("a failure leaves the connector usable", _recovers),
    Duty("sock_read limits the wait for the head", _slow_head),
    Duty("sock_read limits the wait for the body", _slow_body),
)
