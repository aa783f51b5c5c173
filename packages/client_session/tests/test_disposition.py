import pytest

from martlet_client_session._disposition import ContentDisposition, received_disposition


def test_a_field_is_taken_apart() -> None:
    found = received_disposition('Attachment; filename="a b.txt"; x=1')
    assert found == ContentDisposition("attachment", {"filename": "a b.txt", "x": "1"}, "a b.txt")
    assert found.value == found.type == "attachment"


def test_an_encoded_name_goes_first() -> None:
    assert received_disposition("inline; filename=a; filename*=UTF-8''%C3%A4").filename == "ä"


@pytest.mark.parametrize("field", ["", ";", "a b", "\udcff"])
def test_a_malformed_field_says_nothing(field: str) -> None:
    assert received_disposition(field).filename is None


def test_parameters_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        received_disposition("inline").parameters["a"] = "b"  # type: ignore[index]  # what is tested
