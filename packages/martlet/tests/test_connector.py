import martlet_connector_pool
import martlet_interfaces
from martlet import connector

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "BaseConnector": martlet_connector_pool.BaseConnector,
    "NamedPipeConnector": martlet_connector_pool.NamedPipeConnector,
    "TCPConnector": martlet_connector_pool.TCPConnector,
    "UnixConnector": martlet_connector_pool.UnixConnector,
    "AddrInfoType": martlet_connector_pool.AddrInfoType,
    "Connection": martlet_connector_pool.Connection,
    "SocketFactoryType": martlet_connector_pool.SocketFactoryType,
    "Fingerprint": martlet_interfaces.Fingerprint,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(connector) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(connector, NAMES)
