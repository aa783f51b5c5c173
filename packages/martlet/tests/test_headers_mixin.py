import pytest
from multidict import CIMultiDict

from martlet._headers_mixin import HeadersMixin


class Message(HeadersMixin):
    """As libraries derive theirs."""

    def __init__(self, **fields: str) -> None:
        pairs = {name.replace("_", "-"): value for name, value in fields.items()}
        self._headers = CIMultiDict(pairs)


def test_what_the_fields_say() -> None:
    message = Message(content_type='Text/HTML; charset="UTF-8"', content_length="12")
    assert message.content_type == "text/html"
    assert message.charset == "utf-8"
    assert message.content_length == 12


def test_no_fields() -> None:
    message = Message()
    assert message.content_type == "application/octet-stream"
    assert message.charset is None
    assert message.content_length is None


@pytest.mark.parametrize("length", ["", "-1", "1, 1", "²", "1" * 20])
def test_length_that_is_no_number(length: str) -> None:
    assert Message(content_length=length).content_length is None
