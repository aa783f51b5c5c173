import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket import (
    Agreement,
    ClientHandshake,
    DeflateOffer,
    DeflateParameters,
    HandshakeError,
)

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
NAMES = ("Upgrade", "Connection", "Sec-WebSocket-Accept")
GOOD = dict(zip(NAMES, ("websocket", "Upgrade", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), strict=True))


def handshake(
    protocols: tuple[str, ...] = (), offer: DeflateOffer | None = None
) -> ClientHandshake:
    return ClientHandshake(protocols, offer, random=lambda _: b"the sample nonce")


def checked(
    made: ClientHandshake, changes: dict[str, str | None] | None = None, status: int = 101
) -> Agreement:
    fields = {**GOOD, **(changes or {})}
    return made.check(
        status, [(name, value) for name, value in fields.items() if value is not None]
    )


def test_the_fields_of_a_request() -> None:
    assert handshake().fields() == [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", KEY),
    ]
    assert handshake(("chat", "mqtt"), DeflateOffer()).fields()[4:] == [
        ("Sec-WebSocket-Protocol", "chat, mqtt"),
        ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
    ]


def test_keys_are_random() -> None:
    keys = {dict(ClientHandshake().fields())["Sec-WebSocket-Key"] for _ in range(50)}
    assert len(keys) == 50
    assert {len(key) for key in keys} == {24}


def test_protocols_are_looked_at() -> None:
    with pytest.raises(ValueError, match="token"):
        ClientHandshake(["a b"])


def test_the_least_of_responses() -> None:
    assert checked(handshake(("chat",), DeflateOffer())) == Agreement(None, None)
    changes = {"upgrade": None, "Upgrade": "WebSocket", "Connection": "keep-alive, UPGRADE"}
    assert checked(handshake(), dict(changes)) == (None, None)


def test_what_was_agreed_on() -> None:
    changes: dict[str, str | None] = {
        "sec-websocket-protocol": "mqtt",
        "Sec-WebSocket-Extensions": "permessage-deflate; server_max_window_bits=9",
    }
    made = handshake(("chat", "mqtt"), DeflateOffer())
    assert checked(made, changes) == ("mqtt", DeflateParameters(server_max_window_bits=9))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"Upgrade": None}, "Upgrade is missing, not 'websocket'"),
        ({"Upgrade": "h2c"}, "Upgrade is 'h2c', not 'websocket'"),
        ({"Upgrade": "websocket, h2c"}, "Upgrade is 'websocket, h2c'"),
        ({"upgrade": "websocket"}, "more than one Upgrade"),
        ({"Connection": None}, "Connection is missing, not 'upgrade'"),
        ({"Connection": "close"}, "Connection is 'close', not 'upgrade'"),
        ({"Sec-WebSocket-Accept": None}, "Accept is missing, which is not that of the key"),
        ({"Sec-WebSocket-Accept": "S3pPLMBiTxaQ9kYGzzhZRbK+xOo="}, "not that of the key"),
        ({"sec-websocket-accept": "a"}, "more than one Sec-WebSocket-Accept"),
        ({"Sec-WebSocket-Protocol": "mqtt"}, "subprotocol 'mqtt', which was not asked for"),
        ({"Sec-WebSocket-Protocol": "Chat"}, "not asked for"),
        ({"Sec-WebSocket-Protocol": ""}, "not asked for"),
        (
            {"Sec-WebSocket-Protocol": "chat", "sec-websocket-protocol": "chat"},
            "more than one Sec-WebSocket-Protocol",
        ),
        ({"Sec-WebSocket-Extensions": "foo"}, "extension 'foo', which was not asked for"),
        ({"Sec-WebSocket-Extensions": "a b"}, "cannot be read"),
        ({"Sec-WebSocket-Extensions": "permessage-deflate; foo"}, "no parameter 'foo'"),
        ({"Sec-WebSocket-Extensions": "permessage-deflate, permessage-deflate"}, "twice"),
        (
            {
                "Sec-WebSocket-Extensions": "permessage-deflate",
                "sec-websocket-extensions": "permessage-deflate",
            },
            "twice",
        ),
    ],
)
def test_a_response_that_is_no_answer(changes: dict[str, str | None], text: str) -> None:
    with pytest.raises(HandshakeError, match=text):
        checked(handshake(("chat",), DeflateOffer()), changes)


@pytest.mark.parametrize("status", [100, 200, 301, 401, 426])
def test_another_status(status: int) -> None:
    with pytest.raises(HandshakeError, match=f"the status is {status}, not 101"):
        checked(handshake(), status=status)


def test_an_extension_without_an_offer() -> None:
    with pytest.raises(HandshakeError, match="not asked for"):
        checked(handshake(), {"Sec-WebSocket-Extensions": "permessage-deflate"})


@given(
    fields=st.lists(
        st.tuples(
            st.sampled_from(
                [*NAMES, "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Other"]
            ),
            st.text() | st.sampled_from(["permessage-deflate; server_max_window_bits=", "chat"]),
        )
    )
)
def test_any_fields_are_refused_in_one_way(fields: list[tuple[str, str]]) -> None:
    made = handshake(("chat",), DeflateOffer())
    refusal = ""
    try:
        agreement = made.check(101, [*GOOD.items(), *fields])
    except HandshakeError as exc:
        refusal = str(exc)
    else:
        assert agreement.protocol in (None, "chat")
    assert refusal.isascii()
    assert len(refusal) < 1000
