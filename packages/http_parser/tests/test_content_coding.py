import pytest

from martlet_http_parser import MAX_CODINGS
from martlet_http_parser._content_coding import named_codings


@pytest.mark.parametrize(
    ("field", "codings"),
    [
        ("gzip", ["gzip"]),
        ("GZip", ["gzip"]),
        ("gzip,br", ["gzip", "br"]),
        (" deflate ,\tgzip\t", ["deflate", "gzip"]),
        ("", []),
        (" , ,", []),
        ("identity", []),
        ("gzip, Identity,, br", ["gzip", "br"]),
        ("gzip;q=1", ["gzip;q=1"]),
        ("gzip br", ["gzip br"]),
        ("\xa0gzip", ["\xa0gzip"]),
        ("gz\N{LATIN SMALL LETTER DOTLESS I}p", ["gz\N{LATIN SMALL LETTER DOTLESS I}p"]),
    ],
)
def test_a_field_names_codings_in_the_order_applied(field: str, codings: list[str]) -> None:
    assert named_codings(field) == codings


def test_five_codings_are_enough() -> None:
    assert MAX_CODINGS == 5
