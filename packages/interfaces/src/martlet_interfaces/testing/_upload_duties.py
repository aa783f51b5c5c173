"""Duties while the body of the request is still being written."""

import asyncio
from typing import Final

from ._conformance_error import demand
from ._origin import EARLY
from ._probe import Duty, Probe
from ._request_bodies import FailingBody, StuckBody

__all__ = ["UPLOAD_DUTIES"]


async def _cancelled_upload(probe: Probe) -> None:
    body = StuckBody()
    sending = probe.start("/echo", method="PUT", body=body)
    probe.step = "write_to to be called"
    await body.started.wait()
    await probe.cancel(sending)
    probe.step = "write_to to be cancelled"
    await body.ended.wait()
    await probe.demand_usable()


async def _aborted_upload(probe: Probe) -> None:
    if not probe.early_responses:
        return
    body = StuckBody()
    exchange = await probe.exchange(probe.start(EARLY, method="PUT", body=body))
    exchange.abort()
    probe.step = "write_to to be cancelled"
    await body.ended.wait()
    await probe.demand_usable()


async def _late_body_error(probe: Probe) -> None:
    if not probe.early_responses:
        return
    error, go = LookupError("the body's own error"), asyncio.Event()
    sending = probe.start(EARLY, method="PUT", body=FailingBody(error, go))
    await probe.exchange(sending)
    go.set()
    outcome = await probe.end(sending)
    demand(outcome is error, f"{error!r} was raised, the sink ended with {outcome!r}")
    await probe.demand_usable()


UPLOAD_DUTIES: Final = (
    Duty("cancelling send ends the writing of the body", _cancelled_upload),
    Duty("abort ends the writing of the body", _aborted_upload),
    Duty("what a RequestBody raises after the head goes to the sink", _late_body_error),
)
