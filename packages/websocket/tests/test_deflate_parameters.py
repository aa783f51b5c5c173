from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket import DeflateOffer, DeflateParameters, HandshakeError, parse_extensions
from martlet_websocket._deflate_parameters import choose_offer

BITS = st.integers(8, 15)
OFFERS = st.builds(
    DeflateOffer,
    server_no_context_takeover=st.booleans(),
    client_no_context_takeover=st.booleans(),
    server_max_window_bits=st.none() | BITS,
    client_max_window_bits=st.none() | BITS,
)
WISHES = st.builds(
    DeflateParameters,
    server_no_context_takeover=st.booleans(),
    client_no_context_takeover=st.booleans(),
    server_max_window_bits=BITS,
    client_max_window_bits=BITS,
)


def answered(offer: DeflateOffer, text: str) -> DeflateParameters:
    (answer,) = parse_extensions(f"permessage-deflate{text}")
    return offer.check_answer(answer)


def chosen(text: str, **wishes: Any) -> tuple[DeflateParameters, str] | None:
    found = choose_offer(parse_extensions(text), DeflateParameters(**wishes))
    return None if found is None else (found[0], found[1].serialize())


@pytest.mark.parametrize("bits", [7, 16, 0])
def test_bits_are_8_to_15(bits: int) -> None:
    with pytest.raises(ValueError, match="must be"):
        DeflateParameters(server_max_window_bits=bits)
    with pytest.raises(ValueError, match="must be"):
        DeflateParameters(client_max_window_bits=bits)
    with pytest.raises(ValueError, match="must be"):
        DeflateOffer(server_max_window_bits=bits)
    with pytest.raises(ValueError, match="must be"):
        DeflateOffer(client_max_window_bits=bits)


def test_bits_are_a_number() -> None:
    with pytest.raises(TypeError):
        DeflateParameters(server_max_window_bits="9")  # type: ignore[arg-type]  # the subject
    with pytest.raises(TypeError):
        DeflateOffer(server_max_window_bits="9")  # type: ignore[arg-type]  # the subject


@pytest.mark.parametrize(
    ("offer", "text"),
    [
        (DeflateOffer(), "; client_max_window_bits"),
        (DeflateOffer(client_max_window_bits=None), ""),
        (DeflateOffer(client_max_window_bits=9), "; client_max_window_bits=9"),
        (
            DeflateOffer(
                server_no_context_takeover=True,
                client_no_context_takeover=True,
                server_max_window_bits=15,
                client_max_window_bits=None,
            ),
            "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15",
        ),
    ],
)
def test_what_an_offer_says(offer: DeflateOffer, text: str) -> None:
    assert offer.extension().serialize() == f"permessage-deflate{text}"


def test_an_answer_may_restrict_both_sides() -> None:
    text = "; server_no_context_takeover; client_no_context_takeover"
    bits = "; server_max_window_bits=10; client_max_window_bits=11"
    assert answered(DeflateOffer(), text + bits) == DeflateParameters(
        server_no_context_takeover=True,
        client_no_context_takeover=True,
        server_max_window_bits=10,
        client_max_window_bits=11,
    )


def test_an_answer_without_parameters_leaves_what_the_client_said_of_itself() -> None:
    offer = DeflateOffer(client_no_context_takeover=True, client_max_window_bits=9)
    wanted = DeflateParameters(client_no_context_takeover=True, client_max_window_bits=9)
    assert answered(offer, "") == wanted
    assert answered(offer, "; client_max_window_bits=12") == wanted
    assert answered(DeflateOffer(client_max_window_bits=None), "") == DeflateParameters()


@pytest.mark.parametrize(
    ("offer", "text", "message"),
    [
        (DeflateOffer(), "; foo", "no parameter 'foo'"),
        (DeflateOffer(), "; server_no_context_takeover=1", "has a value, '1'"),
        (DeflateOffer(), "; client_no_context_takeover" * 2, "twice"),
        (DeflateOffer(), "; server_max_window_bits=9" * 2, "twice"),
        (DeflateOffer(), "; client_max_window_bits", "has no value"),
        (DeflateOffer(), "; server_max_window_bits", "has no value"),
        (DeflateOffer(), "; server_max_window_bits=7", "is '7', not 8 to 15"),
        (DeflateOffer(), "; server_max_window_bits=16", "not 8 to 15"),
        (DeflateOffer(), "; server_max_window_bits=09", "not 8 to 15"),
        (DeflateOffer(), "; server_max_window_bits=" + "1" * 5000, "not 8 to 15"),
        (DeflateOffer(client_max_window_bits=None), "; client_max_window_bits=9", "not offered"),
        (DeflateOffer(server_max_window_bits=9), "; server_max_window_bits=10", "not grant"),
        (DeflateOffer(server_max_window_bits=9), "", "not grant"),
        (DeflateOffer(server_no_context_takeover=True), "", "not grant"),
    ],
)
def test_an_answer_that_is_none_to_the_offer(offer: DeflateOffer, text: str, message: str) -> None:
    with pytest.raises(HandshakeError, match=message) as caught:
        answered(offer, text)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("offers", "wishes", "answer"),
    [
        ("permessage-deflate", {}, ""),
        ("foo, permessage-deflate", {}, ""),
        ("permessage-deflate; client_max_window_bits", {}, ""),
        ("permessage-deflate; server_max_window_bits=15", {}, "; server_max_window_bits=15"),
        (
            "permessage-deflate; server_max_window_bits=10",
            {"server_max_window_bits": 12},
            "; server_max_window_bits=10",
        ),
        ("permessage-deflate", {"server_max_window_bits": 8}, "; server_max_window_bits=8"),
        (
            "permessage-deflate; client_max_window_bits=10",
            {"client_max_window_bits": 12},
            "; client_max_window_bits=10",
        ),
        (
            "permessage-deflate, permessage-deflate; client_max_window_bits",
            {"client_max_window_bits": 12},
            "; client_max_window_bits=12",
        ),
        (
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            {},
            "; server_no_context_takeover; client_no_context_takeover",
        ),
        ("permessage-deflate; foo, permessage-deflate", {}, ""),
        ("permessage-deflate; server_max_window_bits, permessage-deflate", {}, ""),
    ],
)
def test_a_server_takes_the_first_offer_that_it_can(
    offers: str, wishes: dict[str, int], answer: str
) -> None:
    found = chosen(offers, **wishes)
    assert found is not None
    assert found[1] == f"permessage-deflate{answer}"


@pytest.mark.parametrize(
    "offers", ["", "foo", "permessage-deflate; foo", "permessage-deflate; server_max_window_bits=7"]
)
def test_a_server_may_find_no_offer(offers: str) -> None:
    assert chosen(offers) is None


@given(offer=OFFERS, wishes=WISHES)
def test_both_sides_come_to_the_same(offer: DeflateOffer, wishes: DeflateParameters) -> None:
    found = choose_offer([offer.extension()], wishes)
    if found is None:
        assert offer.client_max_window_bits is None
        assert wishes.client_max_window_bits < 15
        return
    parameters, answer = found
    agreed = offer.check_answer(answer)
    assert attrs.astuple(agreed) == attrs.astuple(parameters)
