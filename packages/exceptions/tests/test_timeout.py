import errno

import pytest
from yarl import URL

from martlet_exceptions import ServerTimeoutError, SocketTimeoutError

SITE = URL("http://u:p@host:8080/x")


@pytest.mark.parametrize(
    ("phase", "text"),
    [
        ("connect", "getting a connection to http://host:8080/x: none was ready within"),
        ("sock_connect", "connecting to http://host:8080/x: the peer did not answer within"),
        ("sock_read", "reading data from http://host:8080/x: nothing came for"),
        (
            "head",
            "reading the response's head from http://host:8080/x: it was not complete within",
        ),
        ("total", "the whole request to http://host:8080/x: it was not done within"),
        ("ws_close", "ws_close to http://host:8080/x: it was not done within"),
    ],
)
def test_text_names_phase_limit_elapsed_and_url(phase: str, text: str) -> None:
    error = SocketTimeoutError(phase=phase, limit=5.0, elapsed=5.0213, url=SITE)
    assert str(error) == f"Timeout on {text} 5 s ({phase}=5 s, 5.02 s since the request began)"
    assert error.args == (str(error),)
    assert (error.phase, error.limit, error.elapsed, error.url) == (phase, 5.0, 5.0213, SITE)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ServerTimeoutError(phase="connect"), "Timeout on getting a connection"),
        (
            ServerTimeoutError(limit=0.5),
            "Timeout on request: it was not done within 0.5 s",
        ),
        (
            ServerTimeoutError(elapsed=0.0),
            "Timeout on request (0 s since the request began)",
        ),
        (ServerTimeoutError(url=SITE), "Timeout on request to http://host:8080/x"),
        (ServerTimeoutError(), ""),
    ],
)
def test_text_leaves_out_what_is_not_known(error: ServerTimeoutError, text: str) -> None:
    assert str(error) == text


def test_arguments_are_those_of_an_exception() -> None:
    assert ServerTimeoutError("too slow").args == ("too slow",)
    error = ServerTimeoutError("too slow", 1, phase="total")
    assert error.args == ("too slow", 1)
    assert error.phase == "total"
    assert ServerTimeoutError(errno.ETIMEDOUT, "timed out").errno == errno.ETIMEDOUT
