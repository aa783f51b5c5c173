import re

import pytest

from martlet_http_parser._late_pattern import late_pattern


def test_a_pattern_is_compiled_once_with_its_flags() -> None:
    pattern = late_pattern("a b", re.VERBOSE | re.IGNORECASE)
    first = pattern()
    assert first.pattern == "a b"
    assert first.fullmatch("AB")
    assert pattern() is first


def test_a_pattern_is_not_compiled_before_it_is_used() -> None:
    pattern = late_pattern("(")
    with pytest.raises(re.error):
        pattern()
