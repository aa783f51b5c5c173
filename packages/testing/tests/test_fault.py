import pytest
from yarl import URL

from martlet_exceptions import (
    BadStatusLine,
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ServerDisconnectedError,
    TransferEncodingError,
)
from martlet_testing import Fault
from martlet_testing._fault import failure_before_head, failure_in_body

ADDRESS = URL("https://api.example:8443/path")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.REFUSED, ClientConnectorError),
        (Fault.DISCONNECT, ServerDisconnectedError),
        (Fault.MALFORMED, BadStatusLine),
    ],
)
def test_before_the_head_there_is_the_error_of_a_real_connector(
    fault: Fault, error: type[ClientError]
) -> None:
    assert type(failure_before_head(fault, ADDRESS)) is error


def test_a_refused_connection_says_to_where() -> None:
    error = failure_before_head(Fault.REFUSED, ADDRESS)
    assert isinstance(error, ClientConnectorError)
    assert (error.host, error.port) == ("api.example", 8443)
    assert isinstance(error.os_error, ConnectionRefusedError)
    assert "Connection refused" in str(error)


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.DISCONNECT, ClientPayloadError), (Fault.MALFORMED, TransferEncodingError)],
)
def test_in_a_body_there_is_the_error_of_a_real_connector(
    fault: Fault, error: type[ClientError]
) -> None:
    assert type(failure_in_body(fault)) is error


def test_in_a_body_nothing_can_be_refused() -> None:
    with pytest.raises(ValueError, match=r"Fault\.DISCONNECT"):
        failure_in_body(Fault.REFUSED)
