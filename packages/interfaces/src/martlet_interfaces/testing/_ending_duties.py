"""Duties about what the session ends: abort, release, and a cancelled send."""

from typing import Final

from ._conformance_error import demand
from ._probe import Duty, Probe
from ._recording import Recording

__all__ = ["ENDING_DUTIES"]

# At how many points a send is cancelled.
_POINTS: Final = 30


async def _silent_after(probe: Probe, act: str) -> None:
    recording = Recording(pause_at_head=True)
    exchange = await probe.exchange(probe.start("/large", recording=recording))
    demand(not recording.ends, "the end came after pause()")
    calls = list(recording.calls)
    getattr(exchange, act)()
    recording.flow.resume()
    await probe.settle()
    late = recording.calls[len(calls) :]
    demand(not late, f"the sink got {' '.join(late[:3])}… afterwards")


async def _silent_after_abort(probe: Probe) -> None:
    await _silent_after(probe, "abort")


async def _silent_after_release(probe: Probe) -> None:
    await _silent_after(probe, "release")


async def _idempotent(probe: Probe) -> None:
    for acts in (("abort", "abort", "release"), ("release", "abort", "release")):
        for path, ended in (("/large", False), ("/echo", True)):
            recording = Recording(pause_at_head=not ended)
            sending = probe.start(path, recording=recording)
            exchange = await probe.exchange(sending)
            if ended:
                await probe.end(sending)
            for act in acts:
                getattr(exchange, act)()
            await probe.demand_usable()


async def _cancelled_while_waiting(probe: Probe) -> None:
    sending = probe.start("/hang")
    await probe.settle()
    await probe.cancel(sending)
    await probe.settle()
    demand(not sending.recording.calls, f"the receiver got {sending.recording.calls} afterwards")


async def _cancelled_anywhere(probe: Probe) -> None:
    for turns in range(_POINTS):
        sending = probe.start("/echo?first", method="PUT", body=b"x")
        await probe.turns(turns)
        if not sending.task.done():
            await probe.cancel(sending)
        else:
            (await probe.exchange(sending)).abort()
        seen = await probe.echo("/echo?second")
        demand(seen.target == "/echo?second", "the next request got the answer of a cancelled one")


ENDING_DUTIES: Final = (
    Duty("after abort the sink hears nothing more", _silent_after_abort),
    Duty("after release the sink hears nothing more", _silent_after_release),
    Duty("abort and release may be repeated, and leave the connector usable", _idempotent),
    Duty("send may be cancelled while it waits for the head", _cancelled_while_waiting),
    Duty("send may be cancelled at any await", _cancelled_anywhere),
)
