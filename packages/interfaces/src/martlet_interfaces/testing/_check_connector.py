"""The conformance suite: runs every duty's check on a connector of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Final

from ._body_duties import BODY_DUTIES
from ._closing_duties import CLOSING_DUTIES
from ._conformance_error import ConformanceError, ViolationError
from ._ending_duties import ENDING_DUTIES
from ._exchange_duties import EXCHANGE_DUTIES
from ._failure_duties import FAILURE_DUTIES
from ._probe import ConnectorUnderTest, Duty, Probe
from ._request_duties import REQUEST_DUTIES
from ._response_duties import RESPONSE_DUTIES
from ._upload_duties import UPLOAD_DUTIES

__all__ = ["DUTIES", "check_connector"]

DUTIES: Final = (
    *RESPONSE_DUTIES,
    *BODY_DUTIES,
    *REQUEST_DUTIES,
    *FAILURE_DUTIES,
    *ENDING_DUTIES,
    *UPLOAD_DUTIES,
    *EXCHANGE_DUTIES,
    *CLOSING_DUTIES,
)

Factory = Callable[[], AbstractAsyncContextManager[ConnectorUnderTest]]


async def check_connector(
    factory: Factory, *, errors: type[BaseException], deadline: float = 5.0
) -> None:
    """Check that a connector does its duties (see `martlet_interfaces.Connector`).

    *factory* is called for each duty and gives, for the time of one ``async with``, a new
    connector and the URL of a `conformance_origin` that it reaches. *errors* is what its
    errors have to be: ``martlet_exceptions.ClientError``.

    Raises `ConformanceError` that names all duties that were not done and tells what
    happened instead; only if the first one fails, that a request is answered at all, the
    rest is not tried. No duty takes longer than *deadline* seconds.
    """
    failures: dict[str, Exception] = {}
    for duty in DUTIES:
        failure = await _Trial(duty, factory, errors, deadline).run()
        if failure is not None:
            failures[duty.text] = failure
            if duty is DUTIES[0]:
                break
    if failures:
        texts = {duty: _describe(failure) for duty, failure in failures.items()}
        raise ConformanceError(texts) from ExceptionGroup("duties", list(failures.values()))


def _describe(failure: Exception) -> str:
    return str(failure) if isinstance(failure, ViolationError) else repr(failure)


class _Trial:
    """One duty's check, with a deadline on each of its parts."""

    def __init__(
        self, duty: Duty, factory: Factory, errors: type[BaseException], deadline: float
    ) -> None:
        self._duty = duty
        self._factory = factory
        self._errors = errors
        self._deadline = deadline
        self._stack = AsyncExitStack()
        self._probe: Probe | None = None

    async def run(self) -> Exception | None:
        """Give what is wrong; clearing up counts, for that is where connectors close."""
        failures = [
            await self._attempt(self._check, "the factory"),
            await self._attempt(self._clean_up, "a send that was cancelled"),
            await self._attempt(self._stack.aclose, "the factory to clear up"),
        ]
        return next((failure for failure in failures if failure is not None), None)

    async def _check(self) -> None:
        subject = await self._stack.enter_async_context(self._factory())
        self._probe = Probe(subject, self._errors)
        await self._duty.check(self._probe)

    async def _clean_up(self) -> None:
        if self._probe is not None:
            probe, self._probe = self._probe, None
            await probe.clean_up()

    async def _attempt(self, act: Callable[[], Awaitable[None]], step: str) -> Exception | None:
        scope = asyncio.timeout(self._deadline)
        try:
            async with scope:
                await act()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return ViolationError("CancelledError came out, though nobody had cancelled")
        except Exception as exc:  # noqa: BLE001  # it is told in the end
            if not scope.expired():
                return exc
            step = step if self._probe is None else self._probe.step
            return ViolationError(f"waited {self._deadline:g} s for {step}")
        return None
