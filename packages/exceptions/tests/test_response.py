import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_exceptions import ClientResponseError
from martlet_interfaces import RequestInfo

REQUEST = RequestInfo(URL("http://u:p@example.org/a"), "GET", CIMultiDictProxy(CIMultiDict()))


def test_attributes() -> None:
    headers = CIMultiDict({"A": "1"})
    error = ClientResponseError(REQUEST, (), status=404, message="Not Found", headers=headers)
    assert error.request_info is REQUEST
    assert error.history == ()
    assert error.status == error.code == 404
    assert error.message == "Not Found"
    assert error.headers is headers
    assert error.body is None
    assert error.args == (REQUEST, ())


def test_defaults() -> None:
    error = ClientResponseError(REQUEST, ())
    assert (error.status, error.code, error.message, error.headers) == (0, 0, "", None)


def test_code_is_an_alias() -> None:
    error = ClientResponseError(REQUEST, (), code=400)
    assert error.status == 400
    error.code = 401
    assert error.status == 401


def test_status_and_code_together_are_refused() -> None:
    with pytest.raises(ValueError, match="status"):
        ClientResponseError(REQUEST, (), status=400, code=400)


def test_text() -> None:
    error = ClientResponseError(REQUEST, (), status=404, message="Not Found")
    assert str(error) == "404, message='Not Found', url='http://example.org/a'"
    assert repr(error) == f"ClientResponseError({str(error)!r})"


def test_a_hostile_reason_cannot_forge_lines_or_flood() -> None:
    error = ClientResponseError(REQUEST, (), status=404, message="\x1b[2J\n" + "x" * 10_000)
    assert str(error).isprintable()
    assert len(str(error)) < 400
    assert len(error.message) > 10_000


def test_text_does_not_fail_without_a_request() -> None:
    error = ClientResponseError(REQUEST, (), status=404)
    setattr(error, "request_info", None)  # noqa: B010 - what other code's tests do
    assert str(error) == "404, message='', url=''"
