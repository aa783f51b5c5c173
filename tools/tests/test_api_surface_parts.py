"""The parts of the client: each name of the references is in one, and what each has."""

import fnmatch
import sys

import pytest

from api_surface import _cli
from api_surface._facts import ClassFacts, Facts, loaded, read_member
from api_surface._parts import ALL, PARTS, belongs, parts_of, selected

REFERENCES = [loaded(_cli._HERE / name) for name in _cli._READERS]


@pytest.mark.parametrize("reference", REFERENCES, ids=_cli._READERS)
def test_each_name_belongs_to_a_part(reference: Facts) -> None:
    assert [name for name in reference if not any(belongs(name, part) for part in PARTS)] == []
    # Nor is any member lost.
    assert selected(reference, parts_of(ALL)) == reference


def test_each_pattern_is_of_a_name() -> None:
    names = {name for reference in REFERENCES for name in reference}
    subjects = {
        f"{name}.{member}"
        for reference in REFERENCES
        for name, fact in reference.items()
        if isinstance(fact, ClassFacts)
        for member in fact.members
    }
    # What the references speak of, but do not list.
    known = names | subjects | {"MultipartResponseWrapper", "ws_connect"}
    for part in PARTS:
        for pattern in PARTS[part]:
            assert fnmatch.filter(known, pattern), f"{part}: {pattern}"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("FormData", {"bodies"}),
        ("JsonPayload", {"bodies"}),
        ("EMPTY_PAYLOAD", {"streams"}),
        ("MultipartReader", {"multipart"}),
        ("ClientResponse", {"responses"}),
        ("ClientSession", {"session"}),
        ("ClientTimeout", {"session"}),
        ("ClientHandlerType", {"session"}),
        ("BasicAuth", {"session"}),
        ("request", {"session"}),
        ("TraceConfig", {"tracing"}),
        ("TCPConnector", {"connectors"}),
        ("ThreadedResolver", {"connectors"}),
        ("Fingerprint", {"connectors"}),
        ("SocketFactoryType", {"connectors", "session"}),
        ("CookieJar", {"cookies"}),
        ("abc.AbstractCookieJar", {"cookies", "values"}),
        ("abc.AbstractResolver", {"connectors", "values"}),
        ("ClientConnectorError", {"errors"}),
        ("InvalidUrlRedirectClientError", {"errors"}),
        ("ClientResponseError", {"errors", "responses"}),
        ("HttpVersion10", {"values"}),
        ("hdrs.ETAG", {"values"}),
        ("WebSocketError", {"websocket"}),
        ("WSMsgType", {"websocket"}),
        ("ClientWSTimeout", {"websocket"}),
        ("WSServerHandshakeError", {"errors", "responses", "websocket"}),
        ("ClientWebSocketResponse", {"websocket"}),
        ("Nothing", set()),
    ],
)
def test_parts(name: str, parts: set[str]) -> None:
    assert {part for part in PARTS if belongs(name, part)} == parts


def test_what_a_part_stands_for() -> None:
    assert parts_of(ALL) == list(PARTS)
    assert parts_of("session") == ["session"]
    assert parts_of(ALL, ["websocket"]) == [part for part in PARTS if part != "websocket"]
    assert parts_of("session", ["session"]) == []


SESSION = ClassFacts(["Base"], {"get": read_member("()"), "ws_connect": read_member("()")})


@pytest.mark.parametrize(
    ("parts", "bases", "members"),
    [
        (["session"], ["Base"], ["get"]),
        (["websocket"], [], ["ws_connect"]),
        (["session", "websocket"], ["Base"], ["get", "ws_connect"]),
    ],
)
def test_a_member_may_have_a_part_of_its_own(
    parts: list[str], bases: list[str], members: list[str]
) -> None:
    found = selected({"ClientSession": SESSION}, parts)["ClientSession"]
    assert isinstance(found, ClassFacts)
    assert found.bases == bases
    assert list(found.members) == members


def test_what_is_of_no_part_that_is_asked_for_is_left_out() -> None:
    facts: Facts = {"ClientSession": SESSION, "request": read_member("()")}
    assert selected(facts, ["tracing"]) == {}
    assert list(selected(facts, parts_of(ALL, ["websocket"]))) == ["ClientSession", "request"]


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ([], list(PARTS)),
        (["--part", "session"], ["session"]),
        (["--without", "websocket", "--without", "tracing"],
         [part for part in PARTS if part not in ("websocket", "tracing")]),
    ],
)  # fmt: skip
def test_options(options: list[str], parts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def fake(package: str, parts: list[str]) -> None:
        asked.extend([package, parts])
        raise KeyboardInterrupt

    monkeypatch.setattr(_cli, "compare_package", fake)
    monkeypatch.setattr(sys, "argv", ["api_surface", *options])
    with pytest.raises(KeyboardInterrupt):
        _cli.main()
    assert asked == ["martlet", parts]
