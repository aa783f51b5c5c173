"""Basic credentials, as they are given and as they are sent."""

import copy
import pickle
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from martlet_client_session._basic_auth import BasicAuth, encode_basic_auth, given_auth

PLAIN = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]))
LOGINS = PLAIN.filter(lambda text: ":" not in text)


def _field(data: bytes) -> str:
    return f"Basic {b64encode(data).decode()}"


def test_the_vectors_of_rfc_7617() -> None:
    assert BasicAuth("Aladdin", "open sesame").encode() == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    assert encode_basic_auth("test", "123£") == "Basic dGVzdDoxMjPCow=="


@given(LOGINS, PLAIN)
def test_what_is_encoded_is_decoded(login: str, password: str) -> None:
    auth = BasicAuth(login, password)
    assert BasicAuth.decode(auth.encode()) == auth


@given(st.text())
def test_any_field_is_decoded_or_refused(field: str) -> None:
    for text in (field, f"Basic {field}"):
        try:
            auth = BasicAuth.decode(text)
        except ValueError:
            continue
        assert BasicAuth.decode(auth.encode()) == auth


@given(st.binary())
def test_any_credentials_are_decoded_or_refused(data: bytes) -> None:
    try:
        auth = BasicAuth.decode(_field(data), "utf-8")
    except ValueError:
        return
    assert auth.encode() == _field(data)


def test_it_unpacks() -> None:
    login, password, encoding = BasicAuth("me", "secret", "utf-8")
    assert (login, password, encoding) == ("me", "secret", "utf-8")
    assert BasicAuth("me") == ("me", "", "latin1")
    assert BasicAuth("me", "secret")._replace(login="you") == BasicAuth("you", "secret")


def test_copies_are_equal() -> None:
    auth = BasicAuth("me", "secret", "utf-8")
    for made in (copy.copy(auth), copy.deepcopy(auth), pickle.loads(pickle.dumps(auth))):
        assert made == auth
        assert type(made) is BasicAuth
    assert hash(auth) == hash(BasicAuth("me", "secret", "utf-8"))


def test_the_password_is_not_shown() -> None:
    auth = BasicAuth("me", "secret")
    assert repr(auth) == "BasicAuth(login='me', password=<hidden>, encoding='latin1')"
    assert "secret" not in f"{auth} {[auth]}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None,), "None is no login"),
        (("me", None), "None is no password"),
        (("a:b",), "colon"),
        (("a\n",), "The login has control"),
        (("a", "b\0"), "The password has control"),
        (("a", "\x7f"), "The password has control"),
    ],
)
def test_values_that_are_refused(arguments: tuple[Any, ...], message: str) -> None:
    for make in (BasicAuth, encode_basic_auth):
        with pytest.raises(ValueError, match=message):
            make(*arguments)


@pytest.mark.parametrize("arguments", [(b"a",), (1,), ("a", b"b"), ("a", "b", None)])
def test_types_that_are_refused(arguments: tuple[Any, ...]) -> None:
    for make in (BasicAuth, encode_basic_auth):
        with pytest.raises(TypeError, match="must be a str, not"):
            make(*arguments)


@pytest.mark.parametrize("encoding", ["latin1", "ascii", "utf-8"])
def test_characters_that_the_encoding_does_not_have(encoding: str) -> None:
    auth = BasicAuth("me", "secret€\ud800", encoding)
    with pytest.raises(ValueError, match='use encoding="utf-8"') as caught:
        auth.encode()
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None


def test_an_encoding_that_there_is_not() -> None:
    auth = BasicAuth("me", "secret", "no-such-code")
    with pytest.raises(ValueError, match="Unknown encoding 'no-such-code'"):
        auth.encode()
    with pytest.raises(ValueError, match="Unknown encoding 'rot13'"):
        BasicAuth.decode("Basic YTpi", "rot13")


@pytest.mark.parametrize(
    "field",
    ["Basic YTpiOmM=", "basic YTpiOmM=", "BASIC YTpiOmM=", "Basic   YTpiOmM=", " Basic YTpiOmM=\t"],
)
def test_fields_that_are_read(field: str) -> None:
    assert BasicAuth.decode(field) == BasicAuth("a", "b:c")


def test_fields_are_read_in_their_encoding() -> None:
    assert BasicAuth.decode(_field("ü:ß".encode()), "utf-8") == ("ü", "ß", "utf-8")
    assert BasicAuth.decode(_field(b"\xfc:")) == ("ü", "", "latin1")


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("", "not of the scheme Basic"),
        ("YTpi", "not of the scheme Basic"),
        ("BasicYTpi", "not of the scheme Basic"),
        ("Digest YTpi", "not of the scheme Basic"),
        ("Basic", "no colon"),
        ("Basic YWI=", "no colon"),
        ("Basic YWI", "not base64"),
        ("Basic YTpi YTpi", "not base64"),
        ("Basic !!!!", "not base64"),
        ("Basic é", "not base64"),
        ("Basic YTpiAA==", "control"),
    ],
)
def test_fields_that_are_refused(field: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BasicAuth.decode(field)


def test_a_field_in_another_encoding() -> None:
    with pytest.raises(ValueError, match="are not utf-8") as caught:
        BasicAuth.decode(_field(b"me:secret\xff"), "utf-8")
    assert caught.value.__context__ is None


def test_a_field_that_is_no_string() -> None:
    wrong: Any = b"Basic YTpi"
    with pytest.raises(TypeError, match="must be a str, not bytes"):
        BasicAuth.decode(wrong)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h/", None),
        ("http://a:b@h/", ("a", "b", "latin1")),
        ("http://a@h/", ("a", "", "latin1")),
        ("http://a:@h/", ("a", "", "latin1")),
        ("http://:b@h/", ("", "b", "latin1")),
        ("http://%C3%BC:%2F%3A%40@h/", ("ü", "/:@", "latin1")),
    ],
)
def test_from_a_url(url: str, expected: tuple[str, str, str] | None) -> None:
    assert BasicAuth.from_url(URL(url)) == expected


def test_from_a_url_that_is_refused() -> None:
    assert BasicAuth.from_url(URL("http://a@h/"), encoding="utf-8") == ("a", "", "utf-8")
    with pytest.raises(ValueError, match="colon"):
        BasicAuth.from_url(URL("http://a%3Ab:c@h/"))
    wrong: Any = "http://a:b@h/"
    with pytest.raises(TypeError, match=r"must be a yarl\.URL, not str"):
        BasicAuth.from_url(wrong)


def test_what_may_be_given() -> None:
    auth = BasicAuth("me", "secret")
    assert given_auth(None) is None
    assert given_auth(auth) is auth
    assert given_auth(("me", "secret")) == BasicAuth("me", "secret", "utf-8")


@pytest.mark.parametrize(
    "wrong", ["me:secret", ["me", "secret"], ("me",), ("me", "secret", "x"), 1]
)
def test_what_may_not_be_given(wrong: object) -> None:
    with pytest.raises(TypeError, match="must be a BasicAuth or a tuple") as caught:
        given_auth(wrong)
    assert "secret" not in str(caught.value)
