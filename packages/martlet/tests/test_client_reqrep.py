import types

import martlet_client_session
import martlet_interfaces
from martlet import client_reqrep

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
    assert {name: getattr(client_reqrep, name) for name in client_reqrep.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(client_reqrep.__all__) == sorted(NAMES)
    public = {name for name in vars(client_reqrep) if not name.startswith("_")}
    assert public <= set(NAMES)
