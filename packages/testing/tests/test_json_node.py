from collections.abc import Callable

import pytest

from martlet_testing import RecordingFormatError
from martlet_testing._json_node import JSONNode

DOCUMENT = b"""{
  "text": "a", "integer": 1, "number": 1.5, "null": null, "flag": true, "octets": "/wA=",
  "list": [{"name": "b"}, 2], "large": 1%s
}""" % (b"0" * 400)


def document() -> JSONNode:
    return JSONNode.parse(DOCUMENT, "file.json")


def test_values_are_found_by_their_way() -> None:
    node = document()
    assert node["text"].text() == "a"
    assert node["integer"].integer() == 1
    assert [node["number"].number(), node["integer"].number()] == [1.5, 1.0]
    assert node["octets"].base64() == b"\xff\x00"
    first, second = node["list"]
    assert (first["name"].text(), second.integer()) == ("b", 2)
    assert "text" in node
    assert "null" not in node
    assert "other" not in node
    assert "a" not in node["text"]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert JSONNode.parse(b"\xef\xbb\xbf[]", "file").value == []


@pytest.mark.parametrize(
    ("look", "problem"),
    [
        (lambda node: node["other"], "the document has no 'other'"),
        (lambda node: [*node], "the document is an object, not an array"),
        (lambda node: node["list"]["a"], "list is an array, not an object"),
        (lambda node: node["integer"].text(), "integer is a number, not a string"),
        (lambda node: node["null"].text(), "null is null, not a string"),
        (lambda node: node["flag"].integer(), "flag is a boolean, not an integer"),
        (lambda node: node["number"].integer(), "number is a number, not an integer"),
        (lambda node: node["flag"].number(), "flag is a boolean, not a number"),
        (lambda node: node["text"].number(), "text is a string, not a number"),
        (lambda node: node["large"].number(), "large is too large"),
        (lambda node: node["text"].base64(), "text is not base64"),
        (lambda node: next(iter(node["list"]))["x"], "list[0] has no 'x'"),
        (
            lambda node: next(iter(node["list"]))["name"]["x"],
            "list[0].name is a string, not an object",
        ),
    ],
)
def test_it_says_where_something_is_wrong(look: Callable[[JSONNode], object], problem: str) -> None:
    with pytest.raises(RecordingFormatError) as caught:
        look(document())
    assert str(caught.value) == f"file.json: {problem}"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "line 1, column 1: Expecting value"),
        (b'{\n  "a": }', "line 2, column 8: Expecting value"),
        (b'["\xff"]', "byte 2 is not UTF-8"),
        (b"[" * 100_000, "recursion"),
        (b"1" * 5000, "limit"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes, text: str) -> None:
    with pytest.raises(RecordingFormatError, match=f"^file.json: .*{text}"):
        JSONNode.parse(data, "file.json")
