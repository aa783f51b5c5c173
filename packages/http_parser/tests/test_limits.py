import attrs
import pytest

from martlet_http_parser import DEFAULT_LIMITS, Limits


def test_defaults_are_what_the_readme_says() -> None:
    assert attrs.asdict(Limits()) == {
        "line": 65536,
        "fields": 256,
        "head": 262144,
        "chunk_line": 8192,
        "interim": 64,
    }


def test_the_default_limits_are_the_defaults() -> None:
    assert Limits() == DEFAULT_LIMITS


def test_limits_cannot_be_changed_behind_a_parser() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        DEFAULT_LIMITS.head = 1  # type: ignore[misc]  # that is what is tested
