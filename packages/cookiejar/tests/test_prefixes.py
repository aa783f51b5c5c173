"""Names that promise something (RFC 6265bis section 4.1.3; section 5.7, steps 20 to 22)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar._prefixes import prefix_kept

PATHS = (None, "/", "/a", "//")
ALL = [*product((True, False), (True, False), PATHS)]


def spellings(prefix: str) -> list[str]:
    return [prefix, prefix.lower(), prefix.upper(), prefix.swapcase()]


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "",
        "Secure-a",
        "_Secure-a",
        "__Secure",
        "__Secure_a",
        "__Secur",
        "a__Secure-",
        " __Secure-a",
        "___Secure-a",
        "__Host",
        "__Host_a",
        "a__Host-",
        "__Hosts-a",
        "__-Host-",
        # No letters of these, in any case.
        "__\u017fecure-a",
        "__Ho\u017ft-a",
    ],
)
def test_other_names_promise_nothing(name: str) -> None:
    for secure, host_only, path in ALL:
        assert prefix_kept(name, "b", secure=secure, host_only=host_only, path=path)


@pytest.mark.parametrize("prefix", spellings("__Secure-"))
@pytest.mark.parametrize("rest", ["", "a", "-", "\xfc"])
def test_20_secure_promises_that_it_is_secure(prefix: str, rest: str) -> None:
    for secure, host_only, path in ALL:
        kept = prefix_kept(prefix + rest, "b", secure=secure, host_only=host_only, path=path)
        assert kept is secure


@pytest.mark.parametrize("prefix", spellings("__Host-"))
@pytest.mark.parametrize("rest", ["", "a", "-a", "\xfc", "abc"])
def test_21_host_promises_that_it_is_secure_of_one_host_and_of_all_its_paths(
    prefix: str, rest: str
) -> None:
    for secure, host_only, path in ALL:
        kept = prefix_kept(prefix + rest, "b", secure=secure, host_only=host_only, path=path)
        assert kept is (secure and host_only and path == "/")


@pytest.mark.parametrize("value", [*spellings("__Secure-"), *spellings("__Host-")])
@pytest.mark.parametrize("rest", ["", "a", "a=b"])
def test_22_without_a_name_a_value_does_not_begin_so(value: str, rest: str) -> None:
    for secure, host_only, path in ALL:
        assert not prefix_kept("", value + rest, secure=secure, host_only=host_only, path=path)


@pytest.mark.parametrize("value", ["__Secure-a", "__Host-a=b"])
def test_22_with_a_name_a_value_may_begin_so(value: str) -> None:
    assert prefix_kept("a", value, secure=False, host_only=False, path=None)


@given(st.text(st.characters()), st.text(st.characters()))
def test_a_secure_host_only_cookie_with_a_name_and_the_path_slash_keeps_all(
    name: str, value: str
) -> None:
    assert prefix_kept(f"_{name}", value, secure=True, host_only=True, path="/")
