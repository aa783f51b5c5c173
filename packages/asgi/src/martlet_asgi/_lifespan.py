"""The lifespan of an application: it is started once, and shut down at the end (ASGI Lifespan)."""

import asyncio
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from ._errors import ApplicationError, LifespanError
from ._response_events import event_type

if TYPE_CHECKING:
    from ._application import ASGIApplication, Message

__all__ = ["Lifespan", "LifespanMode"]

LifespanMode: TypeAlias = Literal["auto", "on", "off"]

_ASGI: Final = {"version": "3.0", "spec_version": "2.0"}


class _Phase(Enum):
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    OVER = "over"


class Lifespan:
    """One call of *application* that goes on as long as the connector.

    *mode*: ``"auto"``: an application that knows no lifespan is fine; ``"on"``: it is not;
    ``"off"``: the application is not asked.
    """

    state: dict[str, Any]
    """What the application keeps for its other calls."""

    def __init__(self, application: "ASGIApplication", mode: LifespanMode) -> None:
        self.state = {}
        self._application = application
        self._mode = mode
        self._phase = _Phase.STARTING
        self._task: asyncio.Task[None] | None = None
        self._started = asyncio.Event()
        self._stop = asyncio.Event()
        self._events_given = 0
        self._start_failure: LifespanError | None = None
        self._failure: LifespanError | None = None

    @property
    def ready(self) -> bool:
        """Whether requests may come."""
        return self._mode == "off" or (self._started.is_set() and self._start_failure is None)

    @property
    def begun(self) -> bool:
        """Whether there is something to be shut down."""
        return self._task is not None

    async def startup(self) -> None:
        """Start the application, or wait until it is started; `LifespanError` if that fails."""
        if self._mode == "off":
            return
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())
            self._task.add_done_callback(self._returned)
        await self._started.wait()
        failure = self._start_failure
        if failure is not None:
            # Each request has one of its own: a traceback grows where an error is raised again.
            raise LifespanError(*failure.args) from failure.__cause__

    async def shutdown(self) -> None:
        """Shut the application down; `LifespanError` if it fails, or has failed before."""
        task = self._task
        if task is None:
            return
        if self._phase is _Phase.RUNNING:
            self._phase = _Phase.STOPPING
            self._stop.set()
        else:
            task.cancel()
        await asyncio.wait([task])
        if self._failure is not None:
            raise self._failure

    def cancel(self) -> None:
        """End the call, whatever it is at."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": dict(_ASGI), "state": self.state}
        await self._application(scope, self._receive, self._send)

    async def _receive(self) -> "Message":
        self._events_given += 1
        if self._events_given == 1:
            return {"type": "lifespan.startup"}
        if self._events_given == 2:
            await self._stop.wait()
            return {"type": "lifespan.shutdown"}
        raise ApplicationError("The application waits for an event after 'lifespan.shutdown'")

    async def _send(self, event: "Message") -> None:
        kind = event_type(event)
        if self._phase is _Phase.STARTING and kind == "lifespan.startup.complete":
            self._phase = _Phase.RUNNING
            self._started.set()
        elif self._phase is _Phase.STARTING and kind == "lifespan.startup.failed":
            self._phase = _Phase.OVER
            self._start_failure = _told("start", event)
            self._started.set()
        elif self._phase is _Phase.STOPPING and kind == "lifespan.shutdown.complete":
            self._phase = _Phase.OVER
        elif self._phase is _Phase.STOPPING and kind == "lifespan.shutdown.failed":
            self._phase = _Phase.OVER
            self._failure = _told("shut down", event)
        else:
            raise ApplicationError(f"The application sent {kind!r} while {self._phase.value}")

    def _returned(self, task: "asyncio.Task[None]") -> None:
        """Learn that the call is over."""
        exc = None if task.cancelled() else task.exception()
        phase, self._phase = self._phase, _Phase.OVER
        if phase is not _Phase.STARTING:
            told = self._start_failure or self._failure
            if told is not None:
                told.__cause__ = exc  # frameworks send the message, and raise then
            elif exc is not None:
                self._failure = _failed("failed in its lifespan", exc)
        elif task.cancelled():
            self._start_failure = LifespanError("The application was stopped while it started")
        elif self._mode == "on" and exc is not None:
            self._start_failure = _failed("failed to start", exc)
        elif self._mode == "on":
            self._start_failure = LifespanError("The application returned, and did not start")
        self._started.set()


def _told(what: str, event: "Message") -> LifespanError:
    message = event.get("message") or "it does not say why"
    return LifespanError(f"The application failed to {what}: {message}")


def _failed(how: str, exc: BaseException) -> LifespanError:
    error = LifespanError(f"The application {how}: {exc!r}")
    error.__cause__ = exc
    return error
