import attrs
import pytest

from martlet_http_parser import DEFAULT_LIMITS, Limits
from martlet_http_parser._limits import check_limits


def test_defaults_are_what_the_readme_says() -> None:
    assert attrs.asdict(Limits()) == {
        "line": 65536,
        "field": 65536,
        "fields": 256,
        "head": 262144,
        "chunk_line": 8192,
        "trailers": 262144,
        "interim": 64,
    }


def test_the_default_limits_are_the_defaults() -> None:
    assert Limits() == DEFAULT_LIMITS


def test_limits_cannot_be_changed_behind_a_parser() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        DEFAULT_LIMITS.head = 1  # type: ignore[misc]  # that is what is tested


NAMES = [field.name for field in attrs.fields(Limits)]


@pytest.mark.parametrize("name", NAMES)
def test_a_cap_may_be_any_number_from_zero_on(name: str) -> None:
    for value in (0, 1, 1 << 70):
        assert getattr(Limits(**{name: value}), name) == value
    with pytest.raises(ValueError, match=rf"^Limits\.{name} is negative: -1$"):
        Limits(**{name: -1})


@pytest.mark.parametrize("value", ["64", 64.0, True, None, "x" * 5000])
@pytest.mark.parametrize("name", NAMES)
def test_a_cap_that_is_no_integer_is_refused_in_a_short_text(name: str, value: object) -> None:
    with pytest.raises(TypeError, match=rf"^Limits\.{name} is not an int: ") as caught:
        Limits(**{name: value})  # type: ignore[arg-type]  # that is what is tested
    assert len(str(caught.value)) < 200


def test_only_limits_are_limits() -> None:
    check_limits(DEFAULT_LIMITS)
    for wrong in (None, 5, Limits):
        with pytest.raises(TypeError, match=r"^limits is no Limits: "):
            check_limits(wrong)


def test_limits_are_given_by_name() -> None:
    with pytest.raises(TypeError):
        Limits(64)  # type: ignore[call-arg]  # that is what is tested
