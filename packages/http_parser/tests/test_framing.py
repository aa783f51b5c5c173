import pytest
from multidict import CIMultiDict

from martlet_exceptions import BadHttpMessage
from martlet_http_parser._framing import (
    CHUNKED,
    Open,
    announced_length,
    connection_options,
    is_persistent,
)
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11, ResponseHead

Fields = list[tuple[str, str]]

KELVIN = "\N{KELVIN SIGN}"
START = b"HTTP/1.1 200 OK\r\nX: y\r\n"


def head_with(fields: Fields, version: HttpVersion = HttpVersion11) -> ResponseHead:
    return ResponseHead(version, 200, "", CIMultiDict(fields))


def block_with(fields: Fields) -> bytes:
    lines = "\r\n".join(f"{name}: {value}" for name, value in fields)
    return START + lines.encode("utf-8", "surrogateescape")


def length_of(
    fields: Fields, *, strict: bool = False, version: HttpVersion = HttpVersion11
) -> tuple[int | Open | None, bool]:
    return announced_length(head_with(fields, version), block_with(fields), strict=strict)


def refused(
    fields: Fields, *, strict: bool = False, version: HttpVersion = HttpVersion11
) -> BadHttpMessage:
    with pytest.raises(BadHttpMessage) as caught:
        length_of(fields, strict=strict, version=version)
    assert type(caught.value) is BadHttpMessage
    return caught.value


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ([], None),
        ([("Content-Length", "0")], 0),
        ([("content-length", "007")], 7),
        ([("Content-Length", "9" * 19)], int("9" * 19)),
        ([("Transfer-Encoding", "chunked")], CHUNKED),
        ([("transfer-encoding", "ChUnKeD")], CHUNKED),
    ],
)
def test_the_framing_is_what_the_fields_say(fields: Fields, length: int | Open | None) -> None:
    for strict in (False, True):
        assert length_of(fields, strict=strict) == (length, False)


@pytest.mark.parametrize(
    "fields",
    [
        [("Content-Length", "5, 5")],
        [("Content-Length", "5"), ("Content-Length", "5")],
        [("Content-Length", "5 ,\t5"), ("Content-Length", "5")],
    ],
)
def test_equal_lengths_are_one_length_but_sloppy(fields: Fields) -> None:
    assert length_of(fields) == (5, True)
    error = refused(fields, strict=True)
    assert (error.message, error.offset) == ("Content-Length is given twice", len(START))
    assert error.excerpt == ", ".join(value for _, value in fields).encode()


def test_the_longest_length_may_be_repeated_too() -> None:
    assert length_of([("Content-Length", "9" * 19)] * 2) == (int("9" * 19), True)


@pytest.mark.parametrize(
    "value",
    [
        "+5",
        "-5",
        "5_0",
        "0x5",
        "5 5",
        '"5"',
        "",
        ",",
        ",5",
        "five",
        "5.0",
        "1e3",
        "\N{ARABIC-INDIC DIGIT FIVE}",
        "\N{SUPERSCRIPT TWO}",
        "5\xa0",
        "9" * 20,
        "0" * 20,
    ],
)
def test_a_length_that_is_no_number_is_refused(value: str) -> None:
    for strict in (False, True):
        error = refused([("A", "b"), ("Content-Length", value)], strict=strict)
        assert error.message == "Content-Length is not a number of at most 19 digits"
        assert error.excerpt == value.encode()[:100]
        assert error.offset == len(START) + len("A: b\r\n")


@pytest.mark.parametrize(
    "values", [["5", "6"], ["5, 6"], ["5,"], ["5", "05"], ["5", ""], ["5, 5", "+5"]]
)
def test_lengths_that_differ_are_refused(values: list[str]) -> None:
    error = refused([("Content-Length", value) for value in values])
    assert error.message == "Content-Length is given twice, differing"
    assert (error.offset, error.excerpt) == (len(START), ", ".join(values).encode())


@pytest.mark.parametrize(
    "values",
    [
        ["xchunked"],
        ["chunked, identity"],
        ["gzip, chunked"],
        ["chunked", "chunked"],
        ["identity"],
        [""],
        ["chunked;a=b"],
        ["chunked,"],
        [",chunked"],
        ["chunked\x0b"],
        ["\x0bchunked"],
        [f"chun{KELVIN}ed"],
        ["chunked\udcff"],
    ],
)
def test_a_transfer_coding_other_than_chunked_is_refused(values: list[str]) -> None:
    error = refused([("Transfer-Encoding", value) for value in values])
    assert error.message == "Transfer-Encoding is not exactly 'chunked'"
    assert error.offset == len(START)
    assert error.excerpt == ", ".join(values).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("coding", ["chunked", "identity"])
def test_a_length_beside_a_transfer_coding_is_refused(coding: str) -> None:
    error = refused([("Content-Length", "5"), ("Transfer-Encoding", coding)])
    assert error.message == "Both Transfer-Encoding and Content-Length are present"
    assert error.offset == len(START) + len("Content-Length: 5\r\n")
    assert error.excerpt == coding.encode()


def test_a_transfer_coding_in_http_10_is_refused() -> None:
    error = refused([("Transfer-Encoding", "chunked")], version=HttpVersion10)
    assert error.message == "Transfer-Encoding in an HTTP/1.0 message"
    assert error.offset == len(START)


@pytest.mark.parametrize(
    ("line", "sloppy"),
    [
        (b"Transfer-Encoding:\tchunked", True),
        (b"transfer-ENCODING: \t chunked", True),
        (b"Transfer-Encoding: chunked\t", True),
        (b"Transfer-Encoding:  chunked  ", False),
        (b"Transfer-Encoding: chunked\r\nX: \t", False),
        (b"X: Transfer-Encoding:\t\r\nTransfer-Encoding: chunked", False),
        (b"X:\t\r\nTransfer-Encoding: chunked\r\nY:\t", False),
    ],
)
def test_a_tab_beside_the_transfer_coding_is_sloppy(line: bytes, sloppy: bool) -> None:
    head = head_with([("Transfer-Encoding", "chunked")])
    assert announced_length(head, START + line, strict=False) == (CHUNKED, sloppy)
    if not sloppy:
        assert announced_length(head, START + line, strict=True) == (CHUNKED, False)
        return
    with pytest.raises(BadHttpMessage) as caught:
        announced_length(head, START + line, strict=True)
    assert caught.value.message == "Transfer-Encoding has a tab beside its value"
    assert (caught.value.offset, caught.value.excerpt) == (len(START), b"chunked")


def test_an_excerpt_is_short() -> None:
    assert refused([("Content-Length", "x" * 5000)]).excerpt == b"x" * 100


@pytest.mark.parametrize(
    ("values", "in_11", "in_10"),
    [
        ([], True, False),
        (["keep-alive"], True, True),
        (["Keep-Alive"], True, True),
        (["close"], False, False),
        (["CLOSE"], False, False),
        (["keep-alive, close"], False, False),
        (["close, keep-alive"], False, False),
        (["keep-alive", "close"], False, False),
        (["keep-alive", "keep-alive"], True, True),
        (["x , \tclose"], False, False),
        (["upgrade"], True, False),
        (["closed"], True, False),
        ([""], True, False),
        ([f"{KELVIN}eep-alive"], True, False),
        ([f"{KELVIN}eep-alive, close"], False, False),
    ],
)
def test_the_connection_field_tells_whether_it_is_kept(
    values: list[str], in_11: bool, in_10: bool
) -> None:
    fields = [("Connection", value) for value in values]
    assert is_persistent(head_with(fields)) is in_11
    assert is_persistent(head_with(fields, version=HttpVersion10)) is in_10


@pytest.mark.parametrize(
    ("values", "options"),
    [
        ([], set()),
        (["Keep-Alive, \tUPGRADE ,x"], {"keep-alive", "upgrade", "x"}),
        (["close", "te"], {"close", "te"}),
        ([f"{KELVIN}, \udcff, a"], {"a"}),
    ],
)
def test_connection_options_are_taken_apart(values: list[str], options: set[str]) -> None:
    assert connection_options(values) == options
