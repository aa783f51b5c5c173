import pytest

from martlet_asgi import ApplicationError
from martlet_asgi._header_fields import request_fields, response_fields


def test_names_of_a_request_become_lower_case_and_values_bytes() -> None:
    given = [("Host", "app.test"), ("X-Odd", "caf\xe9\udcff"), ("X-Tab", "a\tb"), ("X-No", "")]
    assert request_fields(given) == [
        (b"host", b"app.test"),
        (b"x-odd", b"caf\xc3\xa9\xff"),
        (b"x-tab", b"a\tb"),
        (b"x-no", b""),
    ]


@pytest.mark.parametrize("name", ["", "X Y", "X:", "X\n", "Caf\xe9", "\u212a"])
def test_a_name_of_a_request_has_to_be_a_token(name: str) -> None:
    with pytest.raises(ValueError, match="is not a token"):
        request_fields([(name, "value")])


@pytest.mark.parametrize("value", ["a\r\nB: c", "a\n", "\0", "\x7f"])
def test_a_value_of_a_request_has_no_control_characters(value: str) -> None:
    with pytest.raises(ValueError, match="Header X-A has a control character in its value"):
        request_fields([("X-A", value)])


def test_a_value_of_a_request_has_no_halves_of_characters() -> None:
    with pytest.raises(ValueError, match="lone surrogate") as caught:
        request_fields([("X-A", "secret\ud800")])
    assert caught.value.__context__ is None


@pytest.mark.parametrize("field", [(b"X", "v"), ("X", b"v")])
def test_a_field_of_a_request_is_text(field: tuple[str, str]) -> None:
    with pytest.raises(TypeError, match=r"no string|not a string"):
        request_fields([field])


def test_fields_of_a_response_are_decoded_as_they_came() -> None:
    headers = iter([(b"X-Odd", b" caf\xc3\xa9\xff\t"), [b"x-list", b"1"]])
    assert response_fields("start", headers) == [("X-Odd", "caf\xe9\udcff"), ("x-list", "1")]


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        (7, "have to be pairs of bytes, not int"),
        ([("name", b"value")], "pairs of bytes, one is not"),
        ([(b"name", "value")], "pairs of bytes, one is not"),
        ([(b"name",)], "pairs of bytes, one is not"),
        ([7], "pairs of bytes, one is not"),
        ([(b":status", b"200")], "no token: b':status'"),
        ([(b"", b"200")], "no token: b''"),
        ([(b"X-A", b"a\r\nSet-Cookie: b")], "X-A of 'start' has a control character"),
    ],
)
def test_what_is_no_field_of_a_response_is_the_applications_fault(
    headers: object, text: str
) -> None:
    with pytest.raises(ApplicationError, match=text):
        response_fields("start", headers)
