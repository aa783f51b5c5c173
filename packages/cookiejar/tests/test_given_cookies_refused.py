"""What `given_cookies` refuses, and that no message shows a value: it may be a secret."""

from http.cookies import BaseCookie, Morsel, SimpleCookie

import pytest

from martlet_cookiejar._limits import CookieLimits
from martlet_cookiejar._morsel import make_morsel
from martlet_cookiejar._set_cookie import SetCookie

from .test_given_cookies import morsel_of, read

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("cookies", "name"),
    [("a=b", "str"), (b"a=b", "bytes"), (None, "NoneType"), (5, "int"), (object(), "object")],
)
def test_cookies_of_another_type_are_a_type_error(cookies: object, name: str) -> None:
    message = f"cookies have to be a mapping of names to values, or pairs of them, not {name}$"
    with pytest.raises(TypeError, match=message):
        read(cookies)


@pytest.mark.parametrize("pair", ["ab", b"ab", ("a",), ("a", "b", "c"), (), 5, None, {"a", "b"}])
def test_what_is_no_pair_is_a_type_error(pair: object) -> None:
    message = f"there is one that is no pair: {type(pair).__name__}$"
    with pytest.raises(TypeError, match=message):
        read([pair])


@pytest.mark.parametrize("name", [1, None, b"a", True, ("a",)])
def test_a_name_of_another_type_is_a_type_error(name: object) -> None:
    message = f"a cookie's name has to be a str, not {type(name).__name__}$"
    with pytest.raises(TypeError, match=message):
        read({name: "b"})
    with pytest.raises(TypeError, match=message):
        read([(name, morsel_of("a", "b"))])


@pytest.mark.parametrize("value", [b"b", None, True, False, ["b"], {"b": 1}, 1j, object()])
@pytest.mark.parametrize("quote", [True, False])
def test_a_value_of_another_type_is_a_type_error(value: object, quote: bool) -> None:
    message = (
        f"the value of the cookie 'a' has to be a str or a Morsel, not {type(value).__name__}$"
    )
    with pytest.raises(TypeError, match=message):
        read({"a": value}, quote=quote)


@pytest.mark.parametrize("quote", [True, False])
def test_a_morsel_that_was_not_set_is_a_type_error(quote: bool) -> None:
    with pytest.raises(TypeError, match=r"has to be a str or a Morsel, not NoneType$"):
        read({"a": Morsel()}, quote=quote)


@pytest.mark.parametrize("kind", [SimpleCookie, BaseCookie])
def test_a_simple_cookie_as_a_value_has_to_have_the_name(kind: type[BaseCookie[str]]) -> None:
    message = f"the {kind.__name__} given as the cookie 'a' has none of that name$"
    for cookies in (kind(), kind("b=a")):
        with pytest.raises(ValueError, match=message):
            read({"a": cookies})


@pytest.mark.parametrize("name", ["", "a=b", "a;b", "a\nb", "a\0", "\x7f", " a", "a "])
@pytest.mark.parametrize("quote", [True, False])
def test_a_name_that_cannot_be_sent_is_a_value_error(name: str, quote: bool) -> None:
    with pytest.raises(ValueError, match="a cookie's name cannot hold") as info:
        read({name: SECRET}, quote=quote)
    assert SECRET not in str(info.value)


@pytest.mark.parametrize("name", ["a=b", "a;b", "a\nb", "a\0", "\x7f"])
def test_a_name_that_cannot_be_sent_is_refused_with_a_morsel_too(name: str) -> None:
    with pytest.raises(ValueError, match="a cookie's name cannot hold"):
        read({name: make_morsel("a", SECRET)})


@pytest.mark.parametrize("character", [";", "\n", "\r", "\0", "\x7f"])
def test_a_value_that_cannot_be_sent_is_not_shown(character: str) -> None:
    value = f"{SECRET}{character}{SECRET}"
    bad: Morsel[str] = Morsel()
    dict.update(vars(bad), _key="a", _value=value, _coded_value=value)
    for cookies, quote in (({"a": value}, False), ({"a": bad}, False), ({"a": bad}, True)):
        with pytest.raises(ValueError, match=r"the value of the cookie 'a' holds .* at 7") as info:
            read(cookies, quote=quote)
        assert SECRET not in str(info.value)
        assert repr(character) in str(info.value)


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDC7F, 0xDD00, 0xDFFF])
@pytest.mark.parametrize("quote", [True, False])
def test_a_surrogate_that_stands_for_no_octet_is_a_value_error(code: int, quote: bool) -> None:
    surrogate = chr(code)
    value = f"{SECRET}{surrogate}"
    for cookies in ({"a": value}, {"a": make_morsel("a", value)}, {f"a{surrogate}": SECRET}):
        with pytest.raises(ValueError, match=r"a surrogate that stands for no octet$") as info:
            read(cookies, quote=quote)
        assert type(info.value) is ValueError
        assert SECRET not in str(info.value)


def test_a_surrogate_that_stands_for_an_octet_is_sent() -> None:
    assert read({"a\udc80": "\udcff"}, quote=False) == [SetCookie("a\udc80", "\udcff")]


def test_a_morsel_may_lack_a_name_but_not_a_value_too() -> None:
    assert read({"": make_morsel("", "b")}) == [SetCookie("", "b")]
    with pytest.raises(ValueError, match="a cookie's name cannot hold nothing there: ''"):
        read({"": make_morsel("", "")})


@pytest.mark.parametrize(
    ("value", "size"), [("v" * 4096, 4097), ("\u20ac" * 1366, 4101), ("v " * 2048, 4099)]
)
def test_a_cookie_that_is_too_long_is_a_value_error(value: str, size: int) -> None:
    message = f"the cookie 'n' takes {size} bytes, more than the 4096 that are allowed$"
    with pytest.raises(ValueError, match=message):
        read({"n": value})
    with pytest.raises(ValueError, match=message):
        read({"n": make_morsel("n", f'"{value}"' if " " in value or "\u20ac" in value else value)})


def test_a_cookie_may_have_as_many_octets_as_the_limit_says() -> None:
    assert read({"n": "v" * 4095}) == [SetCookie("n", "v" * 4095)]
    limits = CookieLimits(pair=3)
    assert read({"n": "\xfc"}, quote=False, limits=limits) == [SetCookie("n", "\xfc")]
    with pytest.raises(ValueError, match=r"takes 4 bytes, more than the 3 that are allowed$"):
        read({"nn": "\xfc"}, quote=False, limits=limits)


def test_a_long_name_is_not_shown_whole() -> None:
    for value in (b"", SimpleCookie(), "v" * 4096, "\ud800", morsel_of("a", "b", path="/\n")):
        with pytest.raises((TypeError, ValueError)) as info:
            read({"n" * 4096: value})
        assert len(str(info.value)) < 250
