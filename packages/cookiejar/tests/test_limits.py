import attrs
import pytest

from martlet_cookiejar._limits import DEFAULT_LIMITS, CookieLimits

NAMES = ("pair", "attribute", "per_domain", "total", "header", "age")


def test_the_defaults_are_those_of_the_rfc() -> None:
    assert CookieLimits() == DEFAULT_LIMITS
    assert attrs.asdict(DEFAULT_LIMITS) == {
        "pair": 4096,
        "attribute": 1024,
        "per_domain": 50,
        "total": 3000,
        "header": 8192,
        "age": 34_560_000,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_cap_of_one_is_one(name: str) -> None:
    assert getattr(CookieLimits(**{name: 1}), name) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cap", [0, -1])
def test_a_cap_below_one_is_a_value_error(name: str, cap: int) -> None:
    with pytest.raises(ValueError, match=f"'{name}' must be >= 1: {cap}"):
        CookieLimits(**{name: cap})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cap", ["1", 1.0, None])
def test_a_cap_of_another_type_is_a_type_error(name: str, cap: object) -> None:
    wrong: dict[str, object] = {name: cap}
    with pytest.raises(TypeError, match=f"'{name}' must be <class 'int'>"):
        CookieLimits(**wrong)  # type: ignore[arg-type]  # this is what is tested


def test_limits_are_given_by_name_and_do_not_change() -> None:
    with pytest.raises(TypeError):
        CookieLimits(1)  # type: ignore[call-arg]  # this is what is tested
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        DEFAULT_LIMITS.pair = 1  # type: ignore[misc]  # likewise
