"""The tables by themselves, and that the parsers move just as they say."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import pytest

from martlet_exceptions import ClientError
from martlet_http_parser import BodyBuffer, RequestParser, ResponseParser, _chunked
from martlet_http_parser._states import (
    CHUNKED_MOVES,
    REQUEST_MOVES,
    RESPONSE_MOVES,
    ChunkedEvent,
    ChunkedState,
    Event,
    State,
)

from .corpus import REQUESTS, RESPONSES, SMALL
from .recording import bytewise, read_requests, read_responses

Table = Mapping[IntEnum, Mapping[IntEnum, IntEnum]]
Move = tuple[IntEnum, IntEnum, IntEnum]

TABLES: dict[str, tuple[Any, IntEnum, set[IntEnum]]] = {
    "responses": (RESPONSE_MOVES, State.IDLE, {State.FAILED, State.CLOSED}),
    "requests": (REQUEST_MOVES, State.IDLE, {State.FAILED, State.CLOSED}),
    "chunks": (CHUNKED_MOVES, ChunkedState.SIZE, {ChunkedState.DONE}),
}


def moves(table: Table) -> set[Move]:
    return {
        (state, event, target) for state, exits in table.items() for event, target in exits.items()
    }


@pytest.mark.parametrize(("table", "first", "last"), TABLES.values(), ids=TABLES)
def test_every_state_is_reached_and_only_the_last_have_no_exit(
    table: Table, first: IntEnum, last: set[IntEnum]
) -> None:
    reached = {first}
    while new := {to for start, _, to in moves(table) if start in reached} - reached:
        reached |= new
    assert reached == set(table)
    assert {state for state, exits in table.items() if not exits} == last


@pytest.mark.parametrize(("table", "_first", "last"), TABLES.values(), ids=TABLES)
def test_every_state_has_a_way_to_the_end(
    table: Table, _first: IntEnum, last: set[IntEnum]
) -> None:
    leading = set(last)
    while new := {start for start, _, to in moves(table) if to in leading} - leading:
        leading |= new
    assert leading == set(table)


@pytest.mark.parametrize("table", [RESPONSE_MOVES, REQUEST_MOVES])
def test_what_goes_wrong_inside_a_message_ends_the_parser(table: Table) -> None:
    inside = {State.HEAD, State.LENGTH, State.CHUNKED, State.UNTIL_CLOSE} & set(table)
    assert {state for state, exits in table.items() if Event.FAULT in exits} == inside
    assert {exits[Event.FAULT] for exits in table.values() if Event.FAULT in exits} == {
        State.FAILED
    }


@pytest.mark.parametrize("table", [RESPONSE_MOVES, REQUEST_MOVES])
def test_a_message_is_expected_only_where_none_is_being_read(table: Table) -> None:
    assert {state for state, exits in table.items() if Event.EXPECTED in exits} == {
        State.IDLE,
        State.DONE,
    }


def test_only_a_response_lasts_until_the_close_or_has_interim_heads() -> None:
    everything = {event for exits in RESPONSE_MOVES.values() for event in exits}
    assert everything == set(Event)
    of_requests = {event for exits in REQUEST_MOVES.values() for event in exits}
    assert everything - of_requests == {Event.INTERIM_HEAD, Event.HEAD_UNTIL_CLOSE}
    assert set(RESPONSE_MOVES) - set(REQUEST_MOVES) == {State.UNTIL_CLOSE}
    assert {event for exits in CHUNKED_MOVES.values() for event in exits} == set(ChunkedEvent)


class Watched(dict[IntEnum, IntEnum]):
    """The exits of one state, of which those that are taken are written down."""

    def __init__(self, start: IntEnum, exits: Mapping[IntEnum, IntEnum], made: set[Move]) -> None:
        super().__init__(exits)
        self.start = start
        self.made = made

    def __getitem__(self, event: IntEnum) -> IntEnum:
        target = super().__getitem__(event)
        self.made.add((self.start, event, target))
        return target

    def get(self, event: IntEnum, default: Any = None) -> Any:
        try:
            return self[event]
        except KeyError:
            return default


def watched(name: str, made: set[Move]) -> dict[IntEnum, Watched]:
    return {state: Watched(state, exits, made) for state, exits in TABLES[name][0].items()}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[Move]]:
    """The moves that were made of each table."""
    result: dict[str, set[Move]] = {name: set() for name in TABLES}
    monkeypatch.setattr(ResponseParser, "_moves", watched("responses", result["responses"]))
    monkeypatch.setattr(RequestParser, "_moves", watched("requests", result["requests"]))
    monkeypatch.setattr(_chunked, "CHUNKED_MOVES", watched("chunks", result["chunks"]))
    return result


def test_every_move_of_each_table_is_really_made(made: dict[str, set[Move]]) -> None:
    for eof in (False, True):
        for data in RESPONSES:
            for pieces in ([data], bytewise(data), [data[:-3]]):
                read_responses(pieces, eof=eof, upgrade=True)
                read_responses(pieces, "HEAD", eof=eof, limits=SMALL)
        for data in REQUESTS:
            for pieces in ([data], bytewise(data), [data[:-3]]):
                read_requests(pieces, eof=eof)
    for parser in (ResponseParser(), RequestParser()):
        parser.feed_eof()  # before anything was expected
    RequestParser().feed(b"x")
    # A body without an end has no fault of its own, but its sink may have one.
    response = ResponseParser()
    response.expect("GET", lambda _head: BodyBuffer(2))
    response.feed(b"HTTP/1.1 200 OK\r\n\r\nab")
    with pytest.raises(ClientError):
        response.feed(b"c")
    for name, (table, _, _) in TABLES.items():
        assert made[name] == moves(table), name
