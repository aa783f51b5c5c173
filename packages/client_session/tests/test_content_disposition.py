import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from martlet_client_session._content_disposition import content_disposition
from martlet_http_parser import content_disposition_filename, parse_content_disposition

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
CONTROLS = [chr(code) for code in (*range(32), *range(127, 160)) if chr(code) != "\t"]


def written(**params: str) -> str:
    return content_disposition("form-data", params)


def attached(**params: str) -> str:
    return content_disposition("attachment", params)


def escaped(**params: str) -> str:
    return content_disposition("form-data", params, quote_fields=False)


def test_names_are_written_as_browsers_write_them() -> None:
    assert content_disposition("form-data", {}) == "form-data"
    assert written(name="n", filename="a b%.txt") == ('form-data; name="n"; filename="a b%.txt"')
    assert written(name="né€ 中/;") == 'form-data; name="né€ 中/;"'
    assert written(name='a"b\r\nc\td\x7f\x85') == 'form-data; name="a%22b%0D%0Ac%09d%7F%C2%85"'
    assert written(name="a\\") == r'form-data; name="a\\"'
    assert written(filename='fé"\n.txt') == 'form-data; filename="fé%22%0A.txt"'


def test_filenames_that_are_not_plain_are_written_twice_outside_of_forms() -> None:
    assert attached(filename="a b%.txt") == 'attachment; filename="a b%.txt"'
    assert attached(filename="fé.txt") == (
        "attachment; filename=\"f%C3%A9.txt\"; filename*=utf-8''f%C3%A9.txt"
    )
    assert attached(filename='x"\\\r\n') == (
        "attachment; filename=\"x%22%5C%0D%0A\"; filename*=utf-8''x%22%5C%0D%0A"
    )


def test_another_charset_is_that_of_the_filename_only() -> None:
    params = {"filename": "é", "name": "é"}
    assert content_disposition("attachment", params, charset="latin1") == (
        'attachment; filename="%E9"; filename*=utf-8\'\'%C3%A9; name="é"'
    )


def test_quotes_are_escaped_if_fields_are_not_to_be_quoted() -> None:
    assert escaped(name='n"\\é\t', filename="%22 é") == (
        'form-data; name="n\\"\\\\é\t"; filename="%22 é"'
    )


@pytest.mark.parametrize("control", CONTROLS)
def test_controls_are_refused_where_they_would_be_sent_as_they_are(control: str) -> None:
    for name in ("name", "filename"):
        with pytest.raises(ValueError, match="control character"):
            escaped(**{name: f"a{control}b"})


@pytest.mark.parametrize("bad", ["", "a b", "a;b", "a\r\nb", "a=b", 'a"', "a*", "é", "a\n"])
def test_types_and_names_are_tokens(bad: str) -> None:
    with pytest.raises(ValueError, match="is a token"):
        content_disposition(bad, {})
    with pytest.raises(ValueError, match="is a token"):
        content_disposition("form-data", {bad: "x"})


@pytest.mark.parametrize("quote_fields", [True, False])
@pytest.mark.parametrize("name", ["name", "filename"])
def test_values_are_text(name: str, quote_fields: bool) -> None:
    with pytest.raises(ValueError, match="surrogate"):
        content_disposition("form-data", {name: "a\ud800"}, quote_fields=quote_fields)
    with pytest.raises(TypeError, match="has to be a str, not int"):
        content_disposition(
            "form-data",
            {name: 3},  # type: ignore[dict-item]  # that is the point
            quote_fields=quote_fields,
        )


@pytest.mark.parametrize("charset", ["nope", "", "utf-8\r\nx: y", "base64"])
def test_an_unknown_charset_is_refused(charset: str) -> None:
    with pytest.raises(ValueError, match="no charset"):
        content_disposition("form-data", {}, charset=charset)


def test_a_charset_has_to_hold_the_filename() -> None:
    with pytest.raises(ValueError, match="latin-1"):
        content_disposition("attachment", {"filename": "€"}, charset="latin1")


def browsers_form(name: str) -> str:
    for char in [*CONTROLS, "\t", '"']:
        octets = char.encode().hex("%", 1).upper()
        name = name.replace(char, f"%{octets}")
    return name


@given(TEXTS, TEXTS)
@example("a\\", '"; x="')
@example("C:\\x", "C:\\x")
@example("\\", "/")
def test_what_is_written_is_read_back(name: str, filename: str) -> None:
    field = written(name=name, filename=filename)
    assert not set(field).intersection([*CONTROLS, "\t"])
    kind, params = parse_content_disposition(field)
    assert kind == "form-data"
    # Slashes and backslashes at the beginning are not for who reads it.
    assert params["name"] == browsers_form(name).lstrip("/\\")
    assert params["filename"].lstrip("/\\") == browsers_form(filename).lstrip("/\\")
    assert set(params) == {"name", "filename"}


@given(TEXTS)
@example('"; x="')
@example("C:\\x")
def test_what_is_attached_is_read_back(filename: str) -> None:
    field = attached(filename=filename)
    assert field.isascii()
    kind, params = parse_content_disposition(field)
    assert kind == "attachment"
    assert content_disposition_filename(params) in (filename, filename.lstrip("/"))


@given(TEXTS, TEXTS)
@example("a\\", '"; x="')
@example("C:\\x", "C:\\x")
def test_what_is_escaped_is_read_back(name: str, filename: str) -> None:
    try:
        field = escaped(name=name, filename=filename)
    except ValueError:
        assert set(name + filename).intersection(CONTROLS)
        return
    assert not set(field).intersection(CONTROLS)
    assert parse_content_disposition(field) == (
        "form-data",
        {"name": name.lstrip("/\\"), "filename": filename.lstrip("/\\")},
    )
