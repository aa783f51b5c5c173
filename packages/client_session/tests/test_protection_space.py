"""Which origins and paths credentials go to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from martlet_client_session._digest_challenge import DigestChallenge
from martlet_client_session._protection_space import ProtectionSpaces

HERE = URL("https://a.example/dir/page?q")


def _challenge(nonce: str = "n", realm: str = "r", domain: str = "") -> DigestChallenge:
    return DigestChallenge(realm, nonce, qop="auth", domain=domain)


def test_the_whole_origin_and_no_other() -> None:
    spaces = ProtectionSpaces()
    assert spaces.find(HERE) is None
    session = spaces.challenged(HERE, _challenge())
    for same in ("/", "/other", "https://A.example:443/x?y#z"):
        assert spaces.find(HERE.join(URL(same))) is session
    for other in (
        "http://a.example/dir/page",
        "https://a.example:8443/dir/page",
        "https://b.a.example/",
        "https://a.example.evil/",
        "https://a.example./",
    ):
        assert spaces.find(URL(other)) is None


@pytest.mark.parametrize(
    ("domain", "inside", "outside"),
    [
        ("/docs", ["/docs", "/docs/x", "/docs?x"], ["/", "/dir/page", "/docsx"]),
        ("/a  /b", ["/a", "/b/c"], ["/", "/c"]),
        ("docs", ["/dir/docs"], ["/docs"]),
        ("../x", ["/x/y"], ["/dir/x"]),
        ("https://a.example/x /y", ["/x", "/y"], ["/"]),
        ("https://A.EXAMPLE:443/x", ["/x"], ["/"]),
        ("//a.example", ["/", "/x"], []),
        ("http://a.example/ https://b.example/ /x", ["/x"], ["/", "/dir/page"]),
        ("https://b.example/", [], ["/", "/dir/page"]),
        ("https://[ http://a:99999999/ /x", ["/x"], ["/"]),
        (" ", ["/", "/x"], []),
        (" ".join(f"/{number}" for number in range(40)), ["/0", "/31"], ["/32", "/39"]),
    ],
)
def test_domains(domain: str, inside: list[str], outside: list[str]) -> None:
    spaces = ProtectionSpaces()
    session = spaces.challenged(HERE, _challenge(domain=domain))
    for path in inside:
        assert spaces.find(HERE.join(URL(path))) is session
    for path in outside:
        assert spaces.find(HERE.join(URL(path))) is None
    assert spaces.find(URL("https://b.example/x")) is None


@given(st.text())
def test_any_domain(domain: str) -> None:
    spaces = ProtectionSpaces()
    spaces.challenged(HERE, _challenge(domain=domain))
    spaces.find(HERE)


def test_the_most_precise_one_is_found() -> None:
    spaces = ProtectionSpaces()
    inner = spaces.challenged(HERE, _challenge(realm="inner", domain="/a"))
    outer = spaces.challenged(HERE, _challenge(realm="outer"))
    assert spaces.find(HERE.with_path("/a/b")) is inner
    assert spaces.find(HERE) is outer
    # Of those that say as much the last one that was asked for.
    other = spaces.challenged(HERE, _challenge(realm="other"))
    assert spaces.find(HERE) is other
    assert spaces.challenged(HERE, _challenge(realm="outer")) is outer
    assert spaces.find(HERE) is outer


def test_a_new_nonce_takes_the_place_of_the_old_one() -> None:
    spaces = ProtectionSpaces()
    old = spaces.challenged(HERE, _challenge("old", domain="/dir /a"))
    new = spaces.challenged(HERE, _challenge("new", domain="/dir"))
    assert spaces.find(HERE) is new
    assert spaces.find(HERE.with_path("/a")) is None
    # Its count is still known.
    assert spaces.challenged(HERE, _challenge("old")) is old
    assert spaces.find(HERE) is old


def test_a_nonce_that_follows() -> None:
    spaces = ProtectionSpaces()
    first = spaces.challenged(HERE, _challenge(domain="/dir"))
    spaces.followed(HERE, first, "m")
    second = spaces.find(HERE)
    assert second is not None
    assert second is not first
    assert (second.nonce, second.challenge, second.prefixes) == (
        "m", first.challenge, first.prefixes,
    )  # fmt: skip
    assert second.start == first.start
    spaces.followed(HERE, second, "n")
    assert spaces.find(HERE) is first


def test_what_has_been_refused_is_not_found() -> None:
    spaces = ProtectionSpaces()
    spaces.challenged(HERE, _challenge()).is_current = False
    assert spaces.find(HERE) is None


def test_origins_are_bounded() -> None:
    spaces = ProtectionSpaces()
    urls = [URL(f"https://{number}.example/") for number in range(70)]
    for url in urls:
        spaces.challenged(url, _challenge())
        spaces.challenged(urls[0], _challenge())
    known = [url for url in urls if spaces.find(url) is not None]
    assert known == [urls[0], *urls[7:]]


def test_nonces_are_bounded() -> None:
    spaces = ProtectionSpaces()
    first = spaces.challenged(HERE, _challenge("0"))
    for number in range(1, 16):
        spaces.challenged(HERE, _challenge(str(number)))
    assert spaces.challenged(HERE, _challenge("0")) is first
    for number in range(16, 32):
        spaces.challenged(HERE, _challenge(str(number)))
    assert spaces.challenged(HERE, _challenge("0")) is not first
