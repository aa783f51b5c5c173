import pytest
from attrs.exceptions import FrozenInstanceError
from yarl import URL

from martlet_testing import RecordedExchange, RecordedRequest, RecordedResponse


def test_it_is_a_value() -> None:
    request = RecordedRequest("GET", URL("http://a/"), (("Host", "a"),), b"")
    response = RecordedResponse(200, "OK", (), b"hello")
    assert (response.trailers, response.complete) == ((), True)
    exchange = RecordedExchange(request, response)
    assert exchange == RecordedExchange(request, response, 0.0, 0.0)
    with pytest.raises(FrozenInstanceError):
        exchange.began = 1.0  # type: ignore[misc]  # it is frozen
