"""A nonce and its count."""

import pytest

from martlet_client_session._digest_challenge import DigestChallenge
from martlet_client_session._digest_session import DigestSession
from martlet_http_parser import parse_challenges

CHALLENGE = DigestChallenge("r", "n", qop="auth", hash_name="sha256", algorithm="SHA-256")


def _sent(session: DigestSession) -> dict[str, str]:
    (credentials,) = parse_challenges(session.credentials("u", "p", "GET", "/"))
    return dict(credentials.parameters)


def test_each_use_counts() -> None:
    session = DigestSession(CHALLENGE, ("/",))
    sent = [_sent(session) for _ in range(17)]
    assert [fields["nc"] for fields in sent] == [f"{number:08x}" for number in range(1, 18)]
    assert {fields["nonce"] for fields in sent} == {"n"}
    cnonces = {fields["cnonce"] for fields in sent}
    assert len(cnonces) == 17
    assert {len(cnonce) for cnonce in cnonces} == {32}


def test_a_nonce_that_follows_without_a_challenge() -> None:
    session = DigestSession(CHALLENGE, ("/",), "m", ("n", "first"))
    sent = _sent(session)
    assert (sent["nonce"], sent["nc"]) == ("m", "00000001")
    assert session.start == ("n", "first")


def test_one_key_for_a_session() -> None:
    challenge = CHALLENGE._replace(is_session=True, algorithm="SHA-256-sess")
    session = DigestSession(challenge, ("/",))
    nonce, cnonce = session.start
    assert nonce == "n"
    assert {_sent(session)["cnonce"] for _ in range(3)} == {cnonce}


def test_the_same_nonce_in_another_challenge() -> None:
    session = DigestSession(CHALLENGE, ("/",))
    start = session.start
    assert _sent(session)["nc"] == "00000001"
    changed = CHALLENGE._replace(opaque="o", is_stale=True)
    session.renew(changed, ("/a",))
    assert (session.challenge, session.prefixes, session.start) == (changed, ("/a",), start)
    sent = _sent(session)
    assert (sent["nc"], sent["opaque"]) == ("00000002", "o")


def test_a_challenge_begins_a_new_key() -> None:
    session = DigestSession(CHALLENGE, ("/",), "m", ("n", "first"))
    session.renew(CHALLENGE._replace(nonce="m"), ("/",))
    assert session.start[0] == "m"
    assert session.start[1] != "first"


def test_what_is_new() -> None:
    session = DigestSession(CHALLENGE, ("/",), "m", ("n", "first"))
    assert session.is_of(CHALLENGE._replace(nonce="m", is_stale=True))
    assert not session.is_of(CHALLENGE)
    assert not session.is_of(CHALLENGE._replace(nonce="m", realm="s"))


@pytest.mark.parametrize(
    ("prefixes", "target", "expected"),
    [
        (("/",), "/", 1),
        (("/",), "/a?b", 1),
        ((), "/", -1),
        (("/doc",), "/doc", 4),
        (("/doc",), "/doc/", 4),
        (("/doc",), "/doc?x", 4),
        (("/doc",), "/documents", -1),
        (("/doc",), "/do", -1),
        (("/doc",), "/a/doc", -1),
        (("/doc/",), "/doc/x", 5),
        (("/doc/",), "/doc", -1),
        (("/cgi?a=",), "/cgi?a=1", 7),
        (("/cgi?a",), "/cgi?a&b", 6),
        (("/cgi?a&",), "/cgi?a&b", 7),
        (("/", "/a", "/a/b"), "/a/b/c", 4),
        (("/a/b", "/", "/a"), "/a/c", 2),
    ],
)
def test_where_it_holds(prefixes: tuple[str, ...], target: str, expected: int) -> None:
    assert DigestSession(CHALLENGE, prefixes).covers(target) == expected
