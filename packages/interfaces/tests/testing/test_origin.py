"""The origin's pages: what `check_connector` relies on."""

import gzip
import hashlib
import json
from typing import Any

import pytest

from martlet_interfaces.testing import OriginResponse, Then, conformance_origin
from martlet_interfaces.testing._origin import LARGE_SIZE, PARTIAL, large_body


def get(target: str, method: str = "GET", body: bytes = b"") -> OriginResponse:
    return conformance_origin(method, target, [("Host", "origin.test")], body)


def read_json(response: OriginResponse) -> Any:
    return json.loads(b"".join(response.chunks))


def test_echo_tells_all_of_the_request() -> None:
    fields = [("Host", "origin.test"), ("X", "1"), ("x", "\udcff")]
    response = conformance_origin("PUT", "/echo?q=1", fields, b"\x00\xff")
    assert read_json(response) == {
        "method": "PUT",
        "target": "/echo?q=1",
        "headers": [list(field) for field in fields],
        "body": "\x00\xff",
    }


def test_digest_sums_the_body_up() -> None:
    body = bytes(range(256)) * 100
    expected = {"length": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    assert read_json(get("/digest", "PUT", body)) == expected


@pytest.mark.parametrize("status", [200, 204, 304, 404, 503])
def test_status_gives_any_status(status: int) -> None:
    response = get(f"/status/{status}")
    assert (response.status, list(response.chunks)) == (status, [])
    assert response.reason


def test_an_unknown_page_is_not_found() -> None:
    assert get("/nowhere").status == 404


def test_a_redirect_leads_to_echo() -> None:
    response = get("/redirect")
    assert (response.status, dict(response.headers)["Location"]) == (302, "/echo")


def test_cookies_are_set_twice() -> None:
    assert [name for name, _ in get("/set-cookie").headers] == ["Set-Cookie", "Set-Cookie"]


def test_gzip_is_compressed() -> None:
    response = get("/gzip")
    assert dict(response.headers) == {"Content-Encoding": "gzip"}
    assert gzip.decompress(b"".join(response.chunks)).startswith(b"coded ")


def test_large_is_more_than_may_come_after_a_pause_and_no_two_chunks_are_equal() -> None:
    chunks = list(get("/large").chunks)
    assert dict(get("/large").headers) == {"Content-Length": str(LARGE_SIZE)}
    assert sum(map(len, chunks)) == LARGE_SIZE > 1024 * 1024
    assert len(set(chunks)) == len(chunks) > 1
    assert chunks == list(large_body())


@pytest.mark.parametrize(
    ("target", "then", "silent"),
    [
        ("/break-before-head", Then.BREAK, True),
        ("/hang", Then.HANG, True),
        ("/break-in-body", Then.BREAK, False),
        ("/hang-in-body", Then.HANG, False),
        ("/early", Then.HANG, False),
        ("/echo", Then.END, False),
    ],
)
def test_pages_break_off_and_hang(target: str, then: Then, silent: bool) -> None:
    response = get(target)
    assert (response.then, response.silent) == (then, silent)
    if not silent and then is not Then.END:
        assert b"".join(response.chunks) == PARTIAL
        assert int(dict(response.headers)["Content-Length"]) > len(PARTIAL)


@pytest.mark.parametrize("target", ["/echo", "/large", "/gzip"])
def test_head_is_answered_without_a_body(target: str) -> None:
    response = get(target, "HEAD")
    assert list(response.chunks) == []
    assert list(response.headers) == list(get(target).headers)
