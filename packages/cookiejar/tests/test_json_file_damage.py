"""Files that are not what was saved: never are other cookies read from them."""

import json
import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from math import nan
from random import Random

import attrs
import pytest

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._cookie_file import load_cookies
from martlet_cookiejar._errors import CookieLoadError
from martlet_cookiejar._json_file import dump_json

from .random_cookies import random_cookies

PLAIN = Cookie("sid", "31d4d96e", "example.org", "/", True, expires=1.5, created=2.5)
COOKIES = [PLAIN, Cookie("\u00e9", "\udcff"), Cookie("", "[]", "a.b", expires=1e300, max_age="1")]
SMALL = dump_json(COOKIES)
LARGE = dump_json(random_cookies(Random(3), 30))


def refused(data: bytes) -> str:
    """What is wrong with the data; that any cookies come out of it is a failure."""
    with pytest.raises(CookieLoadError) as raised:
        load_cookies(data, nan)
    return str(raised.value)


def forged(*entries: object) -> bytes:
    """A file whose checksum is right."""
    return sealed(",\n".join(map(json.dumps, entries)))


def sealed(lines: str, version: str = "1") -> bytes:
    checksum = sha256(lines.encode()).hexdigest()
    opening = f'{{"format": "martlet-cookies", "version": {version}, "sha256": "{checksum}"'
    return f'{opening}, "cookies": [\n{lines}\n]}}\n'.encode()


def fields(**changed: object) -> dict[str, object]:
    return {**attrs.asdict(PLAIN), **changed}


def test_forgeries_here_are_like_real_files() -> None:
    assert forged(*map(attrs.asdict, COOKIES)) == SMALL
    assert forged() == dump_json([])


def test_every_truncation_is_noticed() -> None:
    for data in (SMALL, LARGE):
        for size in range(len(data)):
            refused(data[:size])


def test_every_changed_bit_is_noticed() -> None:
    for position in range(len(SMALL)):
        for bit in range(8):
            data = bytearray(SMALL)
            data[position] ^= 1 << bit
            refused(bytes(data))


def damaged(random: Random, data: bytes) -> bytes:
    """Change some bits, or take out, put in, repeat, swap some bytes."""
    one, two, three = sorted(random.randrange(len(data) + 1) for _ in range(3))
    match random.randrange(7):
        case 0:
            changed = bytearray(data)
            for _ in range(random.randrange(1, 5)):
                changed[random.randrange(len(data))] ^= 1 << random.randrange(8)
            return bytes(changed)
        case 1:
            return data[:one] + data[one + 1 :]
        case 2:
            return data[:one] + random.randbytes(1) + data[one:]
        case 3:
            return data[:one] + random.choice((b" ", b"\n", b"0", b"\x00", b'"')) + data[one:]
        case 4:
            return data[:one] + data[two:three] + data[one:two] + data[three:]
        case 5:
            return data[:one] + data[two:]
        case _:
            return data[:two] + data[one:]


def test_ten_thousand_damages_are_noticed() -> None:
    random = Random(20)
    for _ in range(10_000):
        data = damaged(random, LARGE)
        if data != LARGE:
            refused(data)


@pytest.mark.parametrize(
    "data",
    [
        SMALL + SMALL,
        SMALL + b"\n",
        SMALL.removesuffix(b"\n"),
        b"\n" + SMALL,
        b"\xef\xbb\xbf" + SMALL,
        SMALL.replace(b"\n", b"\r\n"),
        SMALL.replace(b": ", b":"),
        SMALL.upper(),
        SMALL.lower().replace(b"dcff", b"DCFF"),
        SMALL.decode().encode("utf-16-le"),
        SMALL.decode().encode("utf-16"),
        json.dumps(json.loads(SMALL), indent=2).encode(),
        json.dumps(json.loads(SMALL), ensure_ascii=False).encode("utf-8", "surrogatepass"),
        json.dumps(json.loads(SMALL), sort_keys=True).encode(),
        SMALL.replace(b"},\n{", b"}, {"),
        b"\n".join([*SMALL.split(b"\n")[:1], *SMALL.split(b"\n")[2:]]),
        b"\n".join([SMALL.split(b"\n")[i] for i in (0, 2, 1, 3, 4, 5)]),
        SMALL.replace(b'"sid"', b'"s\\u0069d"'),
        SMALL.replace(b"2.5", b"2.50"),
        SMALL.replace(b"2.5", b"25e-1"),
        SMALL.replace(b"1e+300", b"1e300"),
        SMALL.replace(b"true", b"false", 1),
    ],
)
def test_other_ways_to_write_it_are_noticed(data: bytes) -> None:
    assert data != SMALL
    refused(data)


@pytest.mark.parametrize("old", ["format", "version", "sha256", "cookies", "martlet-cookies"])
@pytest.mark.parametrize("new", ["", "x", "FORMAT", "Version"])
def test_envelope_has_to_be_exact(old: str, new: str) -> None:
    refused(SMALL.replace(f'"{old}"'.encode(), f'"{new}"'.encode()))


@pytest.mark.parametrize("key", ["format", "version", "sha256", "cookies"])
@pytest.mark.parametrize("value", ["null", "[]", "{}", '""', "0", "true", "-1", "1.0", "[[]]"])
def test_envelope_of_other_types_is_refused(key: str, value: str) -> None:
    content = json.loads(SMALL)
    content[key] = json.loads(value)
    refused(json.dumps(content).encode())


@pytest.mark.parametrize("key", ["format", "version", "sha256", "cookies"])
def test_envelope_without_one_of_its_parts_is_refused(key: str) -> None:
    content = json.loads(SMALL)
    del content[key]
    refused(json.dumps(content).encode())


@pytest.mark.parametrize("version", ["2", "10", "9" * 4000])
def test_newer_version_has_a_message_of_its_own(version: str) -> None:
    message = refused(sealed("", version))
    assert "the file is of version " in message
    assert "this release reads version 1" in message
    assert len(message) < 200


def test_cookies_of_a_newer_version_may_be_anything() -> None:
    assert "version 2" in refused(sealed('{"shape": "another"}', "2"))


@pytest.mark.parametrize("version", ["0", "-1", "true", "1.0", '"2"', "null", "1.5", "9" * 5000])
def test_what_is_no_version_is_refused(version: str) -> None:
    refused(sealed("", version))


@pytest.mark.parametrize("key", attrs.asdict(PLAIN))
def test_field_that_is_missing_or_called_otherwise_is_refused(key: str) -> None:
    entry = fields()
    value = entry.pop(key)
    assert "has not the fields" in refused(forged(entry))
    assert "has not the fields" in refused(forged({**entry, key.upper(): value}))
    assert "has not the fields" in refused(forged({**fields(), "more": value}))


@pytest.mark.parametrize("entry", [None, [], "sid", 1, True, {}, [["name", "sid"]]])
def test_entry_that_is_no_cookie_is_refused(entry: object) -> None:
    assert "cookie 1 has not the fields" in refused(forged(fields(), entry))


def of_wrong_types() -> Iterator[tuple[str, object]]:
    values: dict[type, tuple[object, ...]] = {
        str: (None, 0, True, 1.5, [], {}, ["a"]),
        bool: (None, 0, 1, "", "true", [], {}),
        float: (True, "", "1.5", [], {}),
    }
    for key, value in attrs.asdict(PLAIN).items():
        for wrong in values[type(value)]:
            yield key, wrong
    yield "created", None


@pytest.mark.parametrize(("key", "value"), list(of_wrong_types()))
def test_field_of_a_wrong_type_is_refused(key: str, value: object) -> None:
    assert f"cookie 0 is none: a cookie's {key} has to be " in refused(
        forged(fields(**{key: value}))
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "a=b"),
        ("name", "a;b"),
        ("name", "a\r\nSet-Cookie: b"),
        ("name", " a"),
        ("name", "a "),
        ("name", "a\x00"),
        ("value", "a;b"),
        ("value", "a\r\nX: y"),
        ("value", "a\n"),
        ("value", "\x00"),
        ("value", "\x7f"),
        ("domain", "Example.org"),
        ("domain", ".example.org"),
        ("domain", "example.org."),
        ("domain", "b\u00fccher.example"),
        ("domain", "a b"),
        ("domain", "a..b"),
        ("domain", "[::1]"),
        ("domain", "a/b"),
        ("path", ""),
        ("path", "a"),
        ("path", "/a;b"),
        ("path", "/\r\n"),
        ("same_site", "lax"),
        ("same_site", "Lax "),
        ("same_site", "strict"),
    ],
)
def test_field_that_no_jar_could_have_is_refused(key: str, value: str) -> None:
    message = refused(forged(fields(**{key: value})))
    assert "cookie 0" in message


def test_cookie_without_name_and_value_is_refused() -> None:
    assert "cookie 0 is none" in refused(forged(fields(name="", value="")))


def test_messages_do_not_tell_values() -> None:
    for change in ({"value": "SECRET;"}, {"value": "SECRET\n"}, {"created": "SECRET"}):
        assert "SECRET" not in refused(forged(fields(**change)))


@pytest.mark.parametrize(
    "changed", [{}, {"value": "other"}, {"expires": None, "created": 9.5, "secure": True}]
)
def test_cookie_that_stands_twice_is_refused(changed: dict[str, object]) -> None:
    assert "a cookie twice" in refused(forged(fields(), fields(name="b"), fields(**changed)))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 5000])
@pytest.mark.parametrize("key", ["created", "expires"])
def test_number_that_is_none_or_too_large_is_refused(key: str, number: str) -> None:
    line = json.dumps(fields(**{key: 4711.5})).replace("4711.5", number)
    refused(sealed(line))


def test_key_that_stands_twice_is_refused() -> None:
    line = json.dumps(fields())
    refused(sealed(line.replace('"name": "sid"', '"name": "sid", "name": "sid"')))
    refused(SMALL.replace(b'"version": 1', b'"version": 1, "version": 1'))
    refused(SMALL.replace(b'"version": 1', b'"version": 2, "version": 1'))


@pytest.mark.parametrize(
    "data",
    [
        b'{"format":' * 100_000,
        b'{"format":' + b"[" * 1_000_000,
        b'{"format": "martlet-cookies", "version": 1, "cookies": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"format":' + b'{"":' * 900 + b"1" + b"}" * 900 + b"}",
        b'{"a|b":' + b'{"":' * 900 + b"1" + b"}" * 900 + b"}",
    ],
)
def test_nesting_however_deep_is_refused(data: bytes) -> None:
    refused(data)


@pytest.mark.parametrize("part", [b"[],", b"{},", b'{"":0},', b"1.5,", b'"\\u0100",'])
def test_memory_is_in_proportion_to_the_file(part: bytes) -> None:
    data = b'{"format": 1, "cookies": [' + part * (300_000 // len(part)) + b"0]}"
    tracemalloc.start()
    try:
        refused(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * len(data)
