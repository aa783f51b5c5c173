"""What is read of Digest challenges, and which one is chosen."""

import hashlib
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session import _digest_challenge
from martlet_client_session._digest_challenge import (
    DigestChallenge,
    choose_challenge,
    next_nonce,
)

BARE = 'Digest realm="r", nonce="n"'


def _chosen(*fields: str) -> DigestChallenge:
    challenge = choose_challenge(fields)
    assert challenge is not None
    return challenge


def test_a_challenge_of_rfc_2069() -> None:
    challenge = _chosen(BARE)
    assert (challenge.realm, challenge.nonce, challenge.opaque) == ("r", "n", None)
    assert (challenge.algorithm, challenge.hash_name, challenge.qop) == (None, "md5", "")
    assert not challenge.is_session
    assert not challenge.is_stale
    assert not challenge.has_userhash
    assert not challenge.is_utf8
    assert challenge.domain == ""


def test_a_challenge_with_everything() -> None:
    challenge = _chosen(
        r'DIGEST Realm="a \"b\"", NONCE="n,\\", opaque="", domain="/a /b", stale=TRUE,'
        ' algorithm="sha-256-SESS", qop="auth-int, Auth", charset="utf-8", userhash=True, other=x'
    )
    assert (challenge.realm, challenge.nonce, challenge.opaque) == ('a "b"', "n,\\", "")
    assert (challenge.algorithm, challenge.hash_name) == ("sha-256-SESS", "sha256")
    assert (challenge.qop, challenge.domain) == ("auth", "/a /b")
    assert challenge.is_session
    assert challenge.is_stale
    assert challenge.has_userhash
    assert challenge.is_utf8


@pytest.mark.parametrize(
    ("algorithm", "hash_name", "is_session"),
    [
        ("MD5", "md5", False),
        ("MD5-sess", "md5", True),
        ("SHA", "sha1", False),
        ("SHA-sess", "sha1", True),
        ("SHA-256", "sha256", False),
        ("SHA-256-sess", "sha256", True),
        ("SHA256", "sha256", False),
        ("SHA-512-256", "sha512_256", False),
        ("SHA-512-256-sess", "sha512_256", True),
        ("SHA-512", "sha512", False),
        ("SHA512-SESS", "sha512", True),
    ],
)
def test_algorithms(algorithm: str, hash_name: str, is_session: bool) -> None:
    for text in (algorithm, algorithm.lower(), f'"{algorithm}"'):
        challenge = _chosen(f"{BARE}, algorithm={text}")
        assert (challenge.hash_name, challenge.is_session) == (hash_name, is_session)
        assert challenge.algorithm == text.strip('"')


@pytest.mark.parametrize(
    ("qop", "expected"),
    [
        ("auth", "auth"),
        ("auth-int", "auth-int"),
        ("auth-int,auth", "auth"),
        ("x, AUTH-INT ,", "auth-int"),
        ("", ""),
        (" , ", ""),
    ],
)
def test_qualities_of_protection(qop: str, expected: str) -> None:
    assert _chosen(f'{BARE}, qop="{qop}"').qop == expected


def test_without_the_body() -> None:
    both, body = f'{BARE}, qop="auth-int,auth"', f"{BARE}, qop=auth-int, algorithm=SHA-256"
    assert choose_challenge([body], with_body=False) is None
    challenge = choose_challenge([body, both], with_body=False)
    assert challenge is not None
    assert (challenge.qop, challenge.hash_name) == ("auth", "md5")


@pytest.mark.parametrize(
    "field",
    [
        "",
        'Basic realm="r"',
        'Basic realm="r", nonce="n"',
        "Digest",
        "Digest abc=",
        'Digest realm="r"',
        'Digest nonce="n"',
        'Digest realm="r", nonce=""',
        f"{BARE}, nonce=m",
        f"{BARE}, algorithm=MD4",
        f"{BARE}, algorithm=-sess",
        f'{BARE}, algorithm=""',
        f'{BARE}, algorithm="\u017fha"',
        f"{BARE}, qop=auth-conf",
        'Digest realm="r\x00", nonce="n"',
        'Digest realm="r", nonce="n\x7f"',
        'Digest realm="r", nonce="n", opaque="\\\r\\\nX: y"',
        'Digest realm="r\t", nonce="n"',
    ],
)
def test_what_cannot_be_answered(field: str) -> None:
    assert choose_challenge([field]) is None
    assert _chosen(field, 'Digest realm="ok", nonce="n"').realm == "ok"


def test_the_strongest_is_chosen() -> None:
    names = ["SHA-512-256", "SHA-256-sess", "SHA", "MD5"]
    fields = [f'Digest realm="{name}", nonce="n", algorithm={name}' for name in names]
    for first, expected in enumerate(names):
        assert _chosen(*reversed(fields[first:])).realm == expected
        assert _chosen(", ".join(fields[first:])).realm == expected
    # Of equal ones the first.
    assert _chosen(BARE, 'Digest realm="s", nonce="n"').realm == "r"


def test_a_hash_that_python_lacks() -> None:
    field = f"{BARE}, algorithm=SHA-512-256"
    _digest_challenge._is_available.cache_clear()
    with patch.object(hashlib, "new", side_effect=ValueError("unsupported hash type")):
        assert choose_challenge([field]) is None
    _digest_challenge._is_available.cache_clear()
    assert _chosen(field).hash_name == "sha512_256"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('nextnonce="abc"', "abc"),
        ('rspauth="x", NextNonce="a\\"b"', 'a"b'),
        ('nextnonce=""', None),
        ('nextnonce="a\x01"', None),
        ('nextnonce="a", nextnonce="b"', None),
        ('rspauth="x"', None),
        ("", None),
        ("!!!", None),
    ],
)
def test_the_nonce_to_come(field: str, expected: str | None) -> None:
    assert next_nonce([field]) == expected
    assert next_nonce(["nc=00000001", field]) == expected


FIELDS = st.lists(
    st.sampled_from(
        [
            "Digest",
            " ",
            ",",
            "=",
            '"',
            "\\",
            "realm",
            "nonce",
            "qop",
            "auth",
            "MD5",
            "\x00",
            "é",
            "n",
        ]
    )
).map("".join)


@given(st.lists(st.one_of(st.text(), FIELDS, FIELDS.map(f"{BARE}, ".__add__))))
def test_any_fields(fields: list[str]) -> None:
    challenge = choose_challenge(fields)
    if challenge is not None:
        text = f"{challenge.realm}{challenge.nonce}{challenge.opaque}{challenge.algorithm}"
        assert min(text) >= " "
    nonce = next_nonce(fields)
    assert nonce is None or min(nonce) >= " "
