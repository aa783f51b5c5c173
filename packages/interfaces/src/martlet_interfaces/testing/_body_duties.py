"""Duties about the bodies of responses: what comes, how it ends, and back-pressure."""

from typing import Final

from ._conformance_error import demand
from ._origin import LARGE_SIZE, large_body
from ._probe import Duty, Probe
from ._recording import Recording

__all__ = ["BODY_DUTIES"]

# What may still come after a pause.
_REST: Final = 1024 * 1024
_BODILESS: Final = (("HEAD", "/large"), ("HEAD", "/echo"), ("GET", "/status/204"))


async def _whole(probe: Probe) -> None:
    body = (await probe.fetch("/large")).body
    demand(len(body) == LARGE_SIZE, f"of {LARGE_SIZE} bytes {len(body)} came")
    demand(body == b"".join(large_body()), "its pieces are not in their order, or have changed")


async def _one_end(probe: Probe) -> None:
    for path in ("/large", "/echo", "/status/200"):
        recording = await probe.fetch(path)
        await probe.settle()
        calls = recording.calls
        ends = [call for call in calls if call in {"eof", "fail"}]
        demand(ends == ["eof"], f"the sink of {path} got {' and '.join(ends)}")
        demand(calls[-1] == "eof", f"the sink of {path} got {calls[-1]} after its end")


async def _pieces(probe: Probe) -> None:
    for path in ("/large", "/echo", "/status/200"):
        for piece in (await probe.fetch(path)).pieces:
            demand(isinstance(piece, bytes), f"it got {type(piece).__name__}")
            demand(bool(piece), "it got an empty piece")


async def _bodiless(probe: Probe) -> None:
    for method, path in _BODILESS:
        recording = await probe.fetch(path, method=method)
        demand(not recording.size, f"{method} {path} brought {recording.size} bytes")
    await probe.demand_usable()


async def _demand_held(probe: Probe, recording: Recording, since: int) -> None:
    """Pass some time, and demand that next to nothing has come meanwhile."""
    await probe.settle()
    rest = recording.size - since
    demand(rest <= _REST, f"{rest} bytes came after pause()")
    demand(not recording.ends, "the end came after pause()")


async def _held_at_head(probe: Probe) -> None:
    recording = Recording(pause_at_head=True)
    sending = probe.start("/large", recording=recording)
    exchange = await probe.exchange(sending)
    await _demand_held(probe, recording, 0)
    exchange.abort()


async def _held_in_body(probe: Probe) -> None:
    recording = Recording(pause_at_data=True)
    sending = probe.start("/large", recording=recording)
    exchange = await probe.exchange(sending)
    await _demand_held(probe, recording, 0)
    exchange.abort()


async def _resumed(probe: Probe) -> None:
    recording = Recording(pause_at_head=True, pause_at_data=True)
    sending = probe.start("/large", recording=recording)
    await probe.exchange(sending)
    await probe.turns(5)
    recording.flow.resume()
    probe.step = f"the end of the response to {sending.what}"
    await recording.begin()  # only then has it paused again, and that may take any number of turns
    await probe.turns(5)
    recording.flow.resume()
    await probe.finish(sending)
    demand(recording.body == b"".join(large_body()), f"{recording.size} bytes of it came, or wrong")


async def _repeated(probe: Probe) -> None:
    recording = Recording(pause_at_head=True)
    sending = probe.start("/large", recording=recording)
    await probe.exchange(sending)
    recording.flow.pause()
    recording.flow.resume()
    await probe.finish(sending)
    demand(recording.body == b"".join(large_body()), f"{recording.size} bytes of it came, or wrong")


async def _after_end(probe: Probe) -> None:
    for act in ("pause", "resume"):
        recording = await probe.fetch("/echo")
        calls = list(recording.calls)
        getattr(recording.flow, act)()
        # A connection that stays paused would not answer.
        await probe.demand_usable()
        demand(recording.calls == calls, f"{act}() after the end reached the sink")


BODY_DUTIES: Final = (
    Duty("a body comes whole and in order", _whole),
    Duty("a body ends with exactly one eof, and nothing follows", _one_end),
    Duty("the sink is fed bytes, and none that are empty", _pieces),
    Duty("HEAD and 204 have no body", _bodiless),
    Duty("pause in on_head holds the body back", _held_at_head),
    Duty("pause in feed holds the rest of the body back", _held_in_body),
    Duty("resume brings the rest of the body", _resumed),
    Duty("pause and resume may be repeated", _repeated),
    Duty("pause and resume do nothing after the end", _after_end),
)
