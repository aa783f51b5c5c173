"""What holds for every module that does no more than name things."""

from collections.abc import Mapping
from types import ModuleType


def offered(module: ModuleType) -> dict[str, object]:
    """Give what *module* says that it offers."""
    return {name: getattr(module, name) for name in module.__all__}


def assert_no_others(module: ModuleType, names: Mapping[str, object]) -> None:
    """Check that *module* offers all *names*, and has no other that looks public."""
    assert sorted(module.__all__) == sorted(names)
    public = {name for name in vars(module) if not name.startswith("_")}
    assert public <= set(names)
