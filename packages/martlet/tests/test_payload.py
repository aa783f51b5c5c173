import martlet_client_session
from martlet import payload

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "AsyncIterablePayload": martlet_client_session.AsyncIterablePayload,
    "BufferedReaderPayload": martlet_client_session.BufferedReaderPayload,
    "BytesIOPayload": martlet_client_session.BytesIOPayload,
    "BytesPayload": martlet_client_session.BytesPayload,
    "IOBasePayload": martlet_client_session.IOBasePayload,
    "JsonBytesPayload": martlet_client_session.JsonBytesPayload,
    "JsonPayload": martlet_client_session.JsonPayload,
    "Order": martlet_client_session.Order,
    "PAYLOAD_REGISTRY": martlet_client_session.PAYLOAD_REGISTRY,
    "Payload": martlet_client_session.Payload,
    "PayloadRegistry": martlet_client_session.PayloadRegistry,
    "StreamReaderPayload": martlet_client_session.StreamReaderPayload,
    "StringIOPayload": martlet_client_session.StringIOPayload,
    "StringPayload": martlet_client_session.StringPayload,
    "TextIOPayload": martlet_client_session.TextIOPayload,
    "get_payload": martlet_client_session.get_payload,
    "payload_type": martlet_client_session.payload_type,
    "register_payload": martlet_client_session.register_payload,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(payload) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(payload, NAMES)
