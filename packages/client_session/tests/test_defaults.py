from martlet_client_session import ClientSession
from martlet_client_session._defaults import default_connector
from martlet_connector_pool import TCPConnector


def test_default_connector_is_a_new_tcp_connector_each_time() -> None:
    first, second = default_connector(), default_connector()
    assert isinstance(first, TCPConnector)
    assert first is not second


def test_session_that_is_given_none_has_the_default_connector() -> None:
    session = ClientSession()
    connector = session.connector
    assert isinstance(connector, TCPConnector)
    assert session.connector_owner
    session.close()
    assert connector.closed
