import types

import martlet_client_session
import martlet_interfaces
from martlet import client_reqrep

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "ClientRequest": martlet_client_session.ClientRequest,
    "ClientResponse": martlet_client_session.ClientResponse,
    "ContentDisposition": martlet_client_session.ContentDisposition,
    "ConnectionKey": martlet_interfaces.ConnectionKey,
    "Fingerprint": martlet_interfaces.Fingerprint,
    "RequestInfo": martlet_interfaces.RequestInfo,
    "MappingProxyType": types.MappingProxyType,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(client_reqrep) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(client_reqrep, NAMES)
