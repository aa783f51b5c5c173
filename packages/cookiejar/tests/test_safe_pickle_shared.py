"""Pickles that hold one thing in many places: small data could be cookies without number."""

import pickle
from http.cookies import SimpleCookie

import pytest

from martlet_cookiejar._errors import CookieLoadError
from martlet_cookiejar._pickle_file import load_pickle
from martlet_cookiejar._safe_pickle import read_pickle

STATE = b"}\x8c\x0bcoded_value\x8c\x011s"
MORSEL = b"chttp.cookies\nMorsel\n)\x81" + STATE + b"b"
COOKIES = b"}\x8c\x01a" + MORSEL + b"s"
JAR = b"}\x8c\x05b.org" + COOKIES + b"s"
FIRST = b"\x94"  # MEMOIZE: number 0
AGAIN = b"h\x00"  # BINGET of number 0


def long_text(length: int) -> bytes:
    return b"X" + length.to_bytes(4, "little") + b"a" * length


def test_parts_of_these_pickles_are_those_of_a_jar() -> None:
    assert len(load_pickle(JAR + b".", 0.0)) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"}(\x8c\x01a" + COOKIES + FIRST + b"\x8c\x01b" + AGAIN + b"u.",
        b"}\x8c\x05b.org}(\x8c\x01a" + MORSEL + FIRST + b"\x8c\x01b" + AGAIN + b"us.",
        b"}\x8c\x05b.org}(\x8c\x01a" + MORSEL[:-1] + FIRST + b"b"
        b"\x8c\x01bchttp.cookies\nMorsel\n)\x81" + AGAIN + b"bus.",
        b"}(\x8c\x01b\x8c\x01/\x86" + FIRST + COOKIES + AGAIN + COOKIES + b"u.",
        b"N\x85" + FIRST + AGAIN + b"\x86.",
        b"I7\n" + FIRST + AGAIN + b"\x86.",
        b"N" + FIRST + AGAIN + b"\x86.",
        b"}" + FIRST + b"\x8c\x01a" + AGAIN + b"s.",
        b"}" + FIRST + AGAIN + b"b.",
    ],
    ids=["cookies", "Morsel", "state", "key", "tuple", "number", "None", "itself", "own state"],
)
def test_nothing_but_texts_and_classes_can_stand_twice(data: bytes) -> None:
    for read in (read_pickle, lambda data: load_pickle(data, 0.0)):
        with pytest.raises(CookieLoadError, match="not that of a jar"):
            read(data)


def test_texts_and_classes_can_stand_twice() -> None:
    again = MORSEL.replace(b"chttp.cookies\nMorsel\n", b"h\x01").replace(b"\x8c\x011", b"h\x00")
    first = MORSEL.replace(b"Morsel\n", b"Morsel\n\x94").replace(b"\x8c\x011", b"h\x00")
    data = b"}\x8c\x05b.org\x94}(\x8c\x01a" + first + b"\x8c\x01b" + again + b"us."
    cookies = load_pickle(data, 0.0)
    assert [(cookie.name, cookie.value) for cookie in cookies] == [("a", "b.org"), ("b", "b.org")]


@pytest.mark.parametrize(("times", "read"), [(64, True), (65, False)])
def test_texts_can_stand_again_up_to_64_mi_characters(times: int, read: bool) -> None:
    data = long_text(1 << 20) + FIRST + AGAIN * times + b"."
    if read:
        assert read_pickle(data) == "a" * (1 << 20)
    else:
        with pytest.raises(CookieLoadError, match="more than a jar's can"):
            read_pickle(data)


@pytest.mark.parametrize("protocol", range(6))
def test_large_jar_is_within_the_bounds(protocol: int) -> None:
    cookies = SimpleCookie()
    for number in range(2000):
        cookies[f"n{number}"] = "v"
        cookies[f"n{number}"].update({"domain": "a" * 200, "path": "/" + "p" * 200, "secure": "1"})
    data = pickle.dumps({"b.org": cookies}, protocol)
    assert len(load_pickle(data, 0.0)) == 2000
