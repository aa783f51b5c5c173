"""What a redirect makes of a request."""

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_client_session import ClientResponse, Redirect
from martlet_client_session._redirects import moved_section, redirected

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "get"]


def expected(method: str, status: int) -> tuple[str, bool]:
    """RFC 9110 sections 15.4.2 to 15.4.9, in another form."""
    if status in {307, 308}:
        return method, True
    if status == 303:
        return ("HEAD", False) if method == "HEAD" else ("GET", False)
    return ("GET", False) if method == "POST" else (method, True)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", METHODS)
def test_method_and_body_of_the_next_request(method: str, status: int) -> None:
    assert redirected(method, status) == expected(method, status)


def section(*fields: tuple[str, str]) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict([("Host", "h"), *fields]))


BODY = [
    ("Content-Type", "a/b"), ("content-length", "3"), ("Content-Encoding", "gzip"),
    ("Content-Language", "en"), ("Content-Location", "/x"), ("Content-Disposition", "inline"),
    ("Content-MD5", "x"), ("Content-Range", "bytes 0-1/2"), ("Content-Digest", "x"),
    ("Repr-Digest", "x"), ("Digest", "x"), ("EXPECT", "100-continue"), ("Trailer", "X"),
    ("transfer-encoding", "chunked"),
]  # fmt: skip
SECRETS = [
    ("Authorization", "a"), ("authorization", "b"), ("COOKIE", "c=1"), ("Cookie", "d=2"),
    ("proxy-authorization", "e"),
]  # fmt: skip
OTHERS = [("Accept", "*/*"), ("X-A", "1"), ("x-a", "2"), ("Origin", "http://h")]


def test_nothing_changes_where_nothing_moves() -> None:
    before = section(*SECRETS, *BODY, *OTHERS)
    assert moved_section(before, URL("http://h/"), moved=False, keeps_body=True) is before
    before = section(*SECRETS, *OTHERS)
    assert moved_section(before, URL("http://h/"), moved=False, keeps_body=False) is before


def test_fields_of_a_body_go_with_it() -> None:
    before = section(*OTHERS, *BODY, *BODY, *SECRETS)
    after = moved_section(before, URL("http://h/"), moved=False, keeps_body=False)
    assert list(after.items()) == [("Host", "h"), *OTHERS, *SECRETS]
    assert len(before) == 1 + len(OTHERS) + 2 * len(BODY) + len(SECRETS)


def test_secrets_stay_with_their_origin() -> None:
    before = section(*SECRETS, *OTHERS, *BODY)
    after = moved_section(before, URL("http://o:81/"), moved=True, keeps_body=True)
    assert list(after.items()) == [("Host", "o:81"), *OTHERS, *BODY]


def test_a_host_of_the_users_own_is_of_one_origin() -> None:
    before = section(*OTHERS)
    url = URL("http://[::1]:8080/")
    assert moved_section(before, url, moved=True, keeps_body=True)["Host"] == "[::1]:8080"
    assert moved_section(before, url, moved=False, keeps_body=False)["Host"] == "h"


def _any_case(name: str) -> st.SearchStrategy[str]:
    flips = st.lists(st.booleans(), min_size=len(name), max_size=len(name))
    return flips.map(
        lambda upper: "".join(
            letter.upper() if up else letter.lower() for letter, up in zip(name, upper, strict=True)
        )
    )


_FIELDS = st.lists(
    st.sampled_from([name for name, _ in [*SECRETS, *BODY, *OTHERS]]).flatmap(_any_case)
)


@given(_FIELDS, st.booleans(), st.booleans())
def test_no_secret_moves_in_any_case_or_number(
    names: list[str], moved: bool, keeps_body: bool
) -> None:
    before = section(*((name, f"canary{n}") for n, name in enumerate(names)))
    after = moved_section(before, URL("http://o/"), moved=moved, keeps_body=keeps_body)
    secret = {name.lower() for name, _ in SECRETS} if moved else set()
    of_body = set() if keeps_body else {name.lower() for name, _ in BODY}
    kept = [pair for pair in before.items() if pair[0].lower() not in secret | of_body]
    assert list(after.items())[1:] == kept[1:]
    assert after.getall("Host") == ["o" if moved else "h"]


def test_a_redirect_is_not_changed_but_evolved() -> None:
    response = ClientResponse("GET", URL("http://h/"))
    redirect = Redirect(response, "POST", URL("http://o/"), True)
    assert evolve(redirect, method="GET", keeps_body=False) == Redirect(
        response, "GET", URL("http://o/"), False
    )
    with pytest.raises(FrozenInstanceError):
        redirect.method = "GET"  # type: ignore[misc]  # what is tested
