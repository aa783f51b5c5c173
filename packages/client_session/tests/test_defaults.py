from yarl import URL

from martlet_client_session import ClientSession
from martlet_client_session._defaults import (
    default_connector,
    request_cookies,
    single_use_connector,
)
from martlet_connector_pool import TCPConnector


def test_default_connector_is_a_new_tcp_connector_each_time() -> None:
    first, second = default_connector(), default_connector()
    assert isinstance(first, TCPConnector)
    assert first is not second


def test_the_connector_of_one_request_keeps_no_connection() -> None:
    connector = single_use_connector()
    assert isinstance(connector, TCPConnector)
    assert connector.force_close


def test_cookies_of_one_request_go_wherever_it_goes() -> None:
    for url in ("http://h/", "https://127.0.0.1/x"):
        assert request_cookies({"a": "x y"}).cookie_header(URL(url)) == 'a="x y"'
        assert request_cookies({"a": "x y"}, quote=False).cookie_header(URL(url)) == "a=x y"


def test_session_that_is_given_none_has_the_default_connector() -> None:
    session = ClientSession()
    connector = session.connector
    assert isinstance(connector, TCPConnector)
    assert session.connector_owner
    session.close()
    assert connector.closed
