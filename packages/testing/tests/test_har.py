import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve
from yarl import URL

from martlet_testing import (
    Fields,
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
    RecordingFormatError,
)
from martlet_testing._har import dump_har, parse_har
from martlet_testing._json_node import JSONNode


def exchange(
    body: bytes = b"hello", headers: Fields = (), *, complete: bool = True, sent: bytes = b""
) -> RecordedExchange:
    return RecordedExchange(
        RecordedRequest("POST", URL("http://a/?b=1"), (("Cookie", "c=d; e=f"),), sent),
        RecordedResponse(200, "OK", headers, body, complete=complete),
        1795740418.25,
        0.5,
    )


def entry_of(one: RecordedExchange) -> Any:
    return json.loads(dump_har([one]))["log"]["entries"][0]


def again(*exchanges: RecordedExchange) -> list[RecordedExchange]:
    return parse_har(JSONNode.parse(dump_har(exchanges), "file"))


@pytest.mark.parametrize(
    "one",
    [
        exchange(),
        exchange(b"", sent=b"hello"),
        exchange(b"\xff", sent=b"\xff"),
        exchange(headers=(("X", "caf\xe9 \udcff"), ("Content-Length", "5"))),
        exchange(complete=False),
        evolve(exchange(), response=RecordedResponse(200, "", (), b"x", (("X-Sum", "1"),))),
        exchange(b"coded", (("Content-Encoding", "no-such-coding"),)),
        exchange(b"broken", (("Content-Encoding", "gzip"),)),
        exchange(gzip.compress(b"a")[:-4], (("Content-Encoding", "gzip"),)),
        exchange(gzip.compress(b"a")[:5], (("Content-Encoding", "gzip"),), complete=False),
    ],
)
def test_what_was_written_is_read(one: RecordedExchange) -> None:
    assert again(one, one) == [one, one]


def test_content_codings_are_removed() -> None:
    text = b"hello " * 100
    coded = gzip.compress(text)
    length = ("Content-Length", str(len(coded)))
    one = exchange(coded, (("Content-Encoding", "gzip"), length, ("X", "1")))
    entry = entry_of(one)
    content = entry["response"]["content"]
    assert content["text"] == text.decode()
    assert content["size"] == len(text)
    assert content["compression"] == len(text) - len(coded)
    assert entry["response"]["bodySize"] == len(coded)
    assert {"name": "Content-Encoding", "value": "gzip"} in entry["response"]["headers"]
    (found,) = again(one)
    assert found.response.body == text
    assert found.response.headers == (("Content-Length", "600"), ("X", "1"))


def test_an_entry_has_what_har_demands() -> None:
    headers = (
        ("Content-Type", "text/plain"),
        ("Location", "/next"),
        ("Set-Cookie", "sid=1; Path=/"),
        ("Set-Cookie", "no,cookie=x"),
    )
    entry = entry_of(exchange(headers=headers, sent=b"x=1"))
    assert entry["startedDateTime"] == "2026-11-27T00:46:58.250+00:00"
    assert (entry["time"], entry["cache"]) == (500, {})
    assert sum(entry["timings"].values()) == 500
    request, response = entry["request"], entry["response"]
    assert request["cookies"] == [{"name": "c", "value": "d"}, {"name": "e", "value": "f"}]
    assert request["queryString"] == [{"name": "b", "value": "1"}]
    assert request["postData"] == {
        "mimeType": "application/octet-stream",
        "params": [],
        "text": "x=1",
    }
    assert response["cookies"] == [{"name": "sid", "value": "1"}]
    assert (response["redirectURL"], response["content"]["mimeType"]) == ("/next", "text/plain")


def browser() -> dict[str, Any]:
    """An entry as a browser exports it."""
    entry = {
        "startedDateTime": "2026-11-27T00:00:00.000Z",
        "time": 12.5,
        "_resourceType": "fetch",
        "request": {
            "method": "GET",
            "url": "https://a.example/b#c",
            "httpVersion": "h2",
            "headers": [
                {"name": ":authority", "value": "a.example"},
                {"name": "accept", "value": "*/*"},
            ],
        },
        "response": {
            "status": 200,
            "statusText": "",
            "headers": [
                {"name": "content-encoding", "value": "br"},
                {"name": "transfer-encoding", "value": "chunked"},
                {"name": "x-own", "value": "1"},
            ],
            "content": {"size": 5, "mimeType": "text/plain", "text": "hello"},
        },
    }
    return {"log": {"version": "1.2", "entries": [entry]}}


def test_what_a_browser_exports_is_read() -> None:
    document = browser()
    blocked = {"request": {}, "response": {"status": 0}}
    document["log"]["entries"].append(blocked)
    (found,) = parse_har(JSONNode(document, "file"))
    assert found.request == RecordedRequest(
        "GET", URL("https://a.example/b"), (("accept", "*/*"),), b""
    )
    assert found.response == RecordedResponse(200, "", (("x-own", "1"),), b"hello")
    assert (found.began, found.seconds) == (1795737600.0, 0.0125)


def test_what_need_not_be_there_may_be_missing() -> None:
    document = browser()
    entry = document["log"]["entries"][0]
    del entry["startedDateTime"], entry["time"], entry["response"]["statusText"]
    del entry["response"]["content"]["text"]
    (found,) = parse_har(JSONNode(document, "file"))
    assert (found.began, found.seconds, found.response.reason) == (0.0, 0.0, "")
    assert found.response.body == b""


def test_the_length_of_a_head_is_that_of_what_was_not_sent() -> None:
    document = browser()
    entry = document["log"]["entries"][0]
    entry["request"]["method"] = "HEAD"
    entry["response"]["headers"] = [{"name": "content-length", "value": "99"}]
    del entry["response"]["content"]["text"]
    (found,) = parse_har(JSONNode(document, "file"))
    assert found.response.headers == (("content-length", "99"),)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda log: log.pop("entries"), "log has no 'entries'"),
        (lambda log: log["entries"][0].pop("response"), "log.entries[0] has no 'response'"),
        (
            lambda log: log["entries"][0].update(startedDateTime="yesterday"),
            "log.entries[0].startedDateTime is no date and time of ISO 8601",
        ),
        (
            lambda log: log["entries"][0]["response"]["content"].update(text="\udcff"),
            "log.entries[0].response.content.text has a lone surrogate",
        ),
        (
            lambda log: log["entries"][0]["request"].update(url="b"),
            "log.entries[0].request.url is no absolute URL",
        ),
        (
            lambda log: log["entries"][0]["request"]["headers"][1].update(value=1),
            "log.entries[0].request.headers[1].value is a number, not a string",
        ),
    ],
)
def test_it_says_where_something_is_wrong(
    change: Callable[[dict[str, Any]], object], problem: str
) -> None:
    document = browser()
    change(document["log"])
    with pytest.raises(RecordingFormatError) as caught:
        parse_har(JSONNode(document, "file"))
    assert str(caught.value) == f"file: {problem}"
