import pytest
from multidict import CIMultiDict

from martlet_exceptions import BadHttpMessage
from martlet_http_parser._framing import CHUNKED, UNTIL_CLOSE, Open, body_length, is_persistent
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11, ResponseHead

Fields = list[tuple[str, str]]

KELVIN = "\N{KELVIN SIGN}"


def head_with(
    fields: Fields, status: int = 200, version: HttpVersion = HttpVersion11
) -> ResponseHead:
    return ResponseHead(version, status, "", CIMultiDict(fields))


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ([], UNTIL_CLOSE),
        ([("Content-Length", "0")], 0),
        ([("content-length", "007")], 7),
        ([("Content-Length", "9" * 19)], int("9" * 19)),
        ([("Transfer-Encoding", "chunked")], CHUNKED),
        ([("transfer-encoding", "ChUnKeD")], CHUNKED),
    ],
)
def test_the_framing_is_what_the_fields_say(fields: Fields, length: int | Open) -> None:
    assert body_length(head_with(fields), "GET") == (length, False)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "fields",
    [
        [("Content-Length", "5, 5")],
        [("Content-Length", "5"), ("Content-Length", "5")],
        [("Content-Length", "5 ,\t5"), ("Content-Length", "5")],
    ],
)
def test_equal_lengths_are_one_length_but_sloppy(fields: Fields, method: str) -> None:
    expected = 5 if method == "GET" else 0
    assert body_length(head_with(fields), method) == (expected, True)


def test_the_longest_length_may_be_repeated_too() -> None:
    fields = [("Content-Length", "9" * 19)] * 2
    assert body_length(head_with(fields), "GET") == (int("9" * 19), True)


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", 200), ("HEAD", 404), ("GET", 204), ("GET", 304), ("PUT", 204)]
)
@pytest.mark.parametrize(
    "fields", [[], [("Content-Length", "5")], [("Transfer-Encoding", "chunked")]]
)
def test_some_responses_never_have_a_body(method: str, status: int, fields: Fields) -> None:
    assert body_length(head_with(fields, status), method) == (0, False)


NOT_A_NUMBER = "Content-Length is not a number of at most 19 digits"


@pytest.mark.parametrize(
    "value",
    [
        "+5",
        "-5",
        "5_0",
        "0x5",
        "5 5",
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
    with pytest.raises(BadHttpMessage) as caught:
        body_length(head_with([("Content-Length", value)]), "GET")
    assert type(caught.value) is BadHttpMessage
    assert caught.value.message == NOT_A_NUMBER
    assert caught.value.excerpt == value.encode()[:100]
    assert caught.value.offset is None


@pytest.mark.parametrize(
    "values", [["5", "6"], ["5, 6"], ["5,"], ["5", "05"], ["5", ""], ["5, 5", "+5"]]
)
def test_lengths_that_differ_are_refused(values: list[str]) -> None:
    fields = [("Content-Length", value) for value in values]
    with pytest.raises(BadHttpMessage) as caught:
        body_length(head_with(fields), "GET")
    assert caught.value.message == "Content-Length is given twice, differing"
    assert caught.value.excerpt == ", ".join(values).encode()


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
    fields = [("Transfer-Encoding", value) for value in values]
    for method in ("GET", "HEAD"):
        with pytest.raises(BadHttpMessage) as caught:
            body_length(head_with(fields), method)
        assert caught.value.message == "Transfer-Encoding is not exactly 'chunked'"
        assert caught.value.excerpt == ", ".join(values).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["chunked", "identity"])
def test_a_length_beside_a_transfer_coding_is_refused(method: str, coding: str) -> None:
    fields = [("Content-Length", "5"), ("Transfer-Encoding", coding)]
    with pytest.raises(BadHttpMessage) as caught:
        body_length(head_with(fields), method)
    assert caught.value.message == "Both Transfer-Encoding and Content-Length are present"
    assert caught.value.excerpt == coding.encode()


def test_a_transfer_coding_in_http_10_is_refused() -> None:
    head = head_with([("Transfer-Encoding", "chunked")], version=HttpVersion10)
    with pytest.raises(BadHttpMessage) as caught:
        body_length(head, "GET")
    assert caught.value.message == "Transfer-Encoding in an HTTP/1.0 response"


def test_an_excerpt_is_short() -> None:
    with pytest.raises(BadHttpMessage) as caught:
        body_length(head_with([("Content-Length", "x" * 5000)]), "GET")
    assert caught.value.excerpt == b"x" * 100


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
