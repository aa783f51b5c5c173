import json
from collections.abc import Callable
from typing import Any

import pytest
from yarl import URL

from martlet_testing import (
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
    RecordingFormatError,
)
from martlet_testing._json_node import JSONNode
from martlet_testing._json_recording import dump_json, parse_json

EXCHANGES = [
    RecordedExchange(
        RecordedRequest("GET", URL("http://a/?b=ü"), (("Host", "a"), ("X", "caf\xe9 \udcff")), b""),
        RecordedResponse(200, "", (("X-Empty", ""), ("X", " a: b")), "ü\n".encode()),
        1795740418.25,
        0.5,
    ),
    RecordedExchange(
        RecordedRequest("POST", URL("http://a/"), (), b"\xff"),
        RecordedResponse(404, "No", (), b"\x00\xff", (("X-Sum", "1"),), complete=False),
    ),
]


def test_what_was_written_is_read() -> None:
    assert parse_json(JSONNode.parse(dump_json(EXCHANGES), "file")) == EXCHANGES
    assert parse_json(JSONNode.parse(dump_json([]), "file")) == []


def test_it_is_pleasant_to_read() -> None:
    text = dump_json(EXCHANGES).decode("utf-8")
    assert '"text": "ü\\n"' in text
    assert '"X: caf\xe9 \\udcff"' in text
    assert '"base64": "AP8="' in text
    assert '"X-Sum: 1"' in text


def written() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(dump_json(EXCHANGES))
    return document


def put(way: str, value: object) -> Callable[[dict[str, Any]], None]:
    *parts, last = way.split(".")

    def change(document: dict[str, Any]) -> None:
        node: Any = document
        for part in parts:
            node = node[int(part) if part.isdigit() else part]
        node[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (put("format", "har"), "format is not 'martlet-recording'"),
        (put("version", 2), "version is not 1, the one that is known here"),
        (put("exchanges", {}), "exchanges is an object, not an array"),
        (put("exchanges.0.request.url", "/a"), "exchanges[0].request.url is no absolute URL"),
        (put("exchanges.1.request.url", "http://a:b/"), "exchanges[1].request.url is no URL"),
        (put("exchanges.0.request.headers", ["a"]),
         "exchanges[0].request.headers[0] is not a name, a colon and a value"),
        (put("exchanges.0.request.headers", [": a"]),
         "exchanges[0].request.headers[0] is not a name, a colon and a value"),
        (put("exchanges.0.response.status", 101),
         "exchanges[0].response.status is 101, not 200 to 999"),
        (put("exchanges.0.response.status", "200"),
         "exchanges[0].response.status is a string, not an integer"),
        (put("exchanges.0.response.text", "\udcff"),
         "exchanges[0].response.text has a lone surrogate"),
        (put("exchanges.1.response.base64", "!"), "exchanges[1].response.base64 is not base64"),
        (put("exchanges.0.began", "now"), "exchanges[0].began is a string, not a number"),
    ],
)  # fmt: skip
def test_it_says_where_something_is_wrong(
    change: Callable[[dict[str, Any]], None], problem: str
) -> None:
    document = written()
    change(document)
    with pytest.raises(RecordingFormatError) as caught:
        parse_json(JSONNode(document, "file"))
    assert str(caught.value) == f"file: {problem}"


def test_what_need_not_be_there_may_be_missing() -> None:
    document = written()
    for exchange in document["exchanges"]:
        del exchange["began"], exchange["seconds"]
    document["exchanges"][0]["request"]["url"] += "#fragment"
    found = parse_json(JSONNode(document, "file"))
    assert [one.began for one in found] == [0.0, 0.0]
    assert found[0].request.url == EXCHANGES[0].request.url
