import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket import (
    Acceptance,
    Agreement,
    ClientHandshake,
    DeflateOffer,
    DeflateParameters,
    HandshakeError,
    accept_handshake,
)

GOOD = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
ANSWER = [
    ("Upgrade", "websocket"),
    ("Connection", "Upgrade"),
    ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
]
PROTOCOL, EXTENSIONS = "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"


def accepted(
    changes: dict[str, str | None] | None = None,
    *,
    method: str = "GET",
    protocols: tuple[str, ...] = (),
    deflate: DeflateParameters | None = None,
) -> Acceptance:
    fields = [(k, v) for k, v in {**GOOD, **(changes or {})}.items() if v is not None]
    return accept_handshake(method, fields, protocols=protocols, deflate=deflate)


def test_the_example_of_the_rfc() -> None:
    assert accepted() == Acceptance(ANSWER, None, None)
    changes: dict[str, str | None] = {
        "Upgrade": "h2c, WebSocket",
        "Connection": "keep-alive, upgrade",
        PROTOCOL: "chat, superchat",
        EXTENSIONS: "foo, permessage-deflate",
    }
    assert accepted(changes) == (ANSWER, None, None)


def test_the_clients_preference_wins() -> None:
    found = accepted({PROTOCOL: "a, superchat,chat"}, protocols=("chat", "superchat"))
    assert found.protocol == "superchat"
    assert found.fields == [*ANSWER, (PROTOCOL, "superchat")]
    assert accepted({PROTOCOL: "a"}, protocols=("chat",)) == (ANSWER, None, None)


def test_compression() -> None:
    wishes = DeflateParameters(server_max_window_bits=10)
    found = accepted({EXTENSIONS: "foo, permessage-deflate"}, deflate=wishes)
    assert found.deflate == wishes
    assert found.fields[3:] == [(EXTENSIONS, "permessage-deflate; server_max_window_bits=10")]
    assert accepted({EXTENSIONS: "foo"}, deflate=wishes) == (ANSWER, None, None)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"Upgrade": None}, "Upgrade is missing, not 'websocket'"),
        ({"Upgrade": "h2c"}, "Upgrade is 'h2c', not 'websocket'"),
        ({"Connection": None}, "Connection is missing"),
        ({"Connection": "close"}, "Connection is 'close'"),
        ({"Sec-WebSocket-Key": None}, "Key is missing, not 16 octets"),
        ({"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ="}, "not 16 octets in base64"),
        ({"Sec-WebSocket-Key": "dGhlIHNhbXBsZQ=="}, "not 16 octets"),
        ({"Sec-WebSocket-Key": "dGhlIHNhbXBs*ZSBub25jZQ=="}, "not 16 octets"),
        ({"Sec-WebSocket-Key": "ä"}, r"is '\\xe4', not 16 octets"),
        ({"sec-websocket-key": "a"}, "more than one Sec-WebSocket-Key"),
        ({EXTENSIONS: "a b"}, "cannot be read"),
    ],
)
def test_a_request_that_is_no_handshake(changes: dict[str, str | None], text: str) -> None:
    with pytest.raises(HandshakeError, match=text) as caught:
        accepted(changes)
    assert (caught.value.status, caught.value.fields) == (400, ())


def test_another_method() -> None:
    with pytest.raises(HandshakeError, match="the method is 'POST', not GET") as caught:
        accepted(method="POST")
    assert (caught.value.status, caught.value.fields) == (405, (("Allow", "GET"),))


@pytest.mark.parametrize("version", [None, "8", "13, 8", ""])
def test_another_version(version: str | None) -> None:
    with pytest.raises(HandshakeError, match=r"Sec-WebSocket-Version is .*, not 13") as caught:
        accepted({"Sec-WebSocket-Version": version})
    assert caught.value.status == 426
    assert caught.value.fields == (("Sec-WebSocket-Version", "13"),)


def test_the_callers_protocols_are_looked_at() -> None:
    with pytest.raises(ValueError, match="token"):
        accepted(protocols=("a b",))


@given(
    asked=st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    known=st.lists(st.sampled_from(["a", "b", "d"]), unique=True),
    offered=st.booleans(),
    wanted=st.booleans(),
)
def test_a_client_takes_what_a_server_answers(
    asked: list[str], known: list[str], offered: bool, wanted: bool
) -> None:
    client = ClientHandshake(asked, DeflateOffer() if offered else None)
    answer = accept_handshake(
        "GET",
        iter(client.fields()),
        protocols=known,
        deflate=DeflateParameters() if wanted else None,
    )
    agreement = client.check(101, iter(answer.fields))
    assert agreement == Agreement(answer.protocol, answer.deflate)
    assert (agreement.deflate is not None) == (offered and wanted)


@given(
    fields=st.lists(
        st.tuples(st.sampled_from([*GOOD, PROTOCOL, EXTENSIONS]), st.text() | st.just("chat"))
    ),
    all_of_them=st.booleans(),
)
def test_any_fields_are_refused_in_one_way(
    fields: list[tuple[str, str]], all_of_them: bool
) -> None:
    given_fields = [*GOOD.items(), *fields] if all_of_them else fields
    refusal = ""
    try:
        found = accept_handshake(
            "GET", given_fields, protocols=("chat",), deflate=DeflateParameters()
        )
    except HandshakeError as exc:
        refusal = str(exc)
    else:
        assert found.fields[:3] == ANSWER
    assert refusal.isascii()
