"""A connector that gives again what was recorded."""

import os
from collections.abc import Iterable
from pathlib import Path

from attrs import define
from multidict import CIMultiDict

from ._answer import Answer
from ._fault import Fault
from ._memory_connector import MemoryConnector
from ._recorded_exchange import RecordedExchange
from ._recording_file import load_recording
from ._redaction import REDACTED
from ._reply import Outcome
from ._seen_request import SeenRequest
from ._unmatched import UnmatchedRequestError, nearest

__all__ = ["ReplayConnector"]


class ReplayConnector(MemoryConnector):
    """Answers requests with what `RecordConnector` has written, or with a browser's HAR.

    A request gets the first recorded answer that was not given yet to the same method and URL; a
    redacted value there matches any. Without one it fails with `UnmatchedRequestError`. A body
    that was not recorded to its end ends with an error.

    Args:
        path: The file: HAR 1.2 if its name ends in ``.har``, else martlet's own JSON.
        match_body: Whether the body has to be the same, too.
        match_headers: The header fields that have to be the same, too.
        repeat: Whether answers are given any number of times: in turn, the last one again and
            again.

    Raises:
        OSError: The file cannot be read.
        RecordingFormatError: It is no recording.

    Used in ``async with``, it is closed at the end.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        match_body: bool = False,
        match_headers: Iterable[str] = (),
        repeat: bool = False,
    ) -> None:
        if isinstance(match_headers, str):
            raise TypeError(f"match_headers is a list of names: give [{match_headers!r}]")
        super().__init__()
        self._path = Path(path)
        self._tracks = [_Track(exchange) for exchange in load_recording(self._path)]
        self._match_body = match_body
        self._match_headers = tuple(match_headers)
        self._repeat = repeat

    def __repr__(self) -> str:
        left = f"{len(self.unplayed)} of {len(self._tracks)} left"
        return f"<{type(self).__name__} {self._path} {left}>"

    @property
    def unplayed(self) -> list[RecordedExchange]:
        """The exchanges that nobody has asked for yet."""
        return [track.exchange for track in self._tracks if not track.played]

    def assert_all_played(self) -> None:
        """Raise `AssertionError` unless every recorded answer was asked for."""
        left = self.unplayed
        if left:
            lines = [f"  {one.request.method} {one.request.url}" for one in left]
            raise AssertionError("\n".join([f"Of {self._path} these were not asked for:", *lines]))

    async def _answer(self, request: SeenRequest) -> Outcome:
        matching = [track for track in self._tracks if not self._differences(track, request)]
        track = next((track for track in matching if not track.played), None)
        if track is None and matching and self._repeat:
            track = matching[-1]
        if track is None:
            raise UnmatchedRequestError(self._unmatched_text(request))
        track.played = True
        return _answer_of(track.exchange)

    def _differences(self, track: "_Track", request: SeenRequest) -> list[str]:
        recorded = track.exchange.request
        found = []
        if request.method != recorded.method:
            found.append(f"the method is {request.method}, not {recorded.method}")
        if request.url.with_query(None) != recorded.url.with_query(None):
            found.append(f"the URL is {request.url.with_query(None)}")
        if not _alike(request.url.query.items(), recorded.url.query.items()):
            found.append(f"the query is {request.url.query_string!r}")
        headers = CIMultiDict(recorded.headers)
        for name in self._match_headers:
            got, wanted = request.headers.getall(name, []), headers.getall(name, [])
            if not _alike([("", value) for value in got], [("", value) for value in wanted]):
                found.append(f"{name} is {got}, not {wanted}")
        if self._match_body and request.body != recorded.body:
            found.append("the body is another one")
        return found

    def _unmatched_text(self, request: SeenRequest) -> str:
        candidates = []
        for track in self._tracks:
            found = self._differences(track, request)
            if not found:
                found = ["its answer was given already (repeat=True gives it again)"]
            recorded = track.exchange.request
            candidates.append((f"{recorded.method} {recorded.url}", found))
        text = f"{self._path} has no answer for {request}"
        if not candidates:
            return f"{text}: it is empty"
        return "\n".join([text, "The nearest recorded requests:", *nearest(candidates)])


@define
class _Track:
    exchange: RecordedExchange
    played: bool = False


def _alike(got: Iterable[tuple[str, str]], recorded: Iterable[tuple[str, str]]) -> bool:
    """Compare names and values; a redacted value is like any."""
    one, other = sorted(got), sorted(recorded)
    return len(one) == len(other) and all(
        mine[0] == theirs[0] and theirs[1] in {mine[1], REDACTED}
        for mine, theirs in zip(one, other, strict=True)
    )


def _answer_of(exchange: RecordedExchange) -> Answer:
    response = exchange.response
    cut = [] if response.complete else [Fault.DISCONNECT]
    return Answer(
        response.status,
        stream=[response.body, *cut],
        headers=response.headers,
        reason=response.reason,
        trailers=response.trailers,
    )
