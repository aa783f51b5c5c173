import sys

import martlet
from martlet import http


def test_names_are_those_of_martlet() -> None:
    for name in set(http.__all__) - {"RESPONSES", "SERVER_SOFTWARE"}:
        assert getattr(http, name) is getattr(martlet, name)


def test_what_is_said_of_a_status() -> None:
    phrase, text = http.RESPONSES[404]
    assert phrase == "Not Found"
    assert text
    assert all(type(status) is int for status in http.RESPONSES)


def test_own_name_on_the_wire() -> None:
    major, minor, *_ = sys.version_info
    assert f"Python/{major}.{minor} martlet/{martlet.__version__}" == http.SERVER_SOFTWARE
