import re
import subprocess
import sys

import pytest

import martlet_testing

# Types and values, which have no docstrings of their own.
VALUES = {"REDACTED", "SECRET_HEADERS"}
ALIASES = {
    "Conversation",
    "DataMatcher",
    "Fields",
    "Handler",
    "Headers",
    "ParamValue",
    "Piece",
    "Reply",
    "Step",
    "Stream",
    "URLSpec",
}


def test_all_is_sorted_and_holds_nothing_twice() -> None:
    names = martlet_testing.__all__
    constants = sorted(name for name in names if name.isupper())
    assert names == [*constants, *sorted(name for name in names if not name.isupper())]
    assert len(set(names)) == len(names)


def test_each_name_is_there_and_documented() -> None:
    assert set(martlet_testing.__all__) <= set(dir(martlet_testing))
    for name in martlet_testing.__all__:
        value = getattr(martlet_testing, name)
        if name not in VALUES | ALIASES:
            assert value.__doc__, name
            assert value.__module__.startswith("martlet_testing._"), name


def test_each_public_method_is_documented() -> None:
    for name in martlet_testing.__all__:
        kind = getattr(martlet_testing, name)
        if isinstance(kind, type):
            for method, value in vars(kind).items():
                if not method.startswith("_") and callable(value):
                    assert value.__doc__, f"{name}.{method}"


def test_there_is_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        martlet_testing.Nothing  # noqa: B018  # type: ignore[attr-defined]  # that is what it says


def test_the_version_is_a_release() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", martlet_testing.__version__)


def loaded_by(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_plugin_costs_a_run_of_pytest_next_to_nothing() -> None:
    loaded = loaded_by("import martlet_testing._pytest_plugin")
    assert not {"asyncio", "attrs", "martlet_interfaces", "multidict", "yarl"} & (
        loaded - loaded_by("import pytest")
    )


def test_the_connectors_need_neither_a_session_nor_pytest() -> None:
    loaded = loaded_by("from martlet_testing import *")
    assert "martlet_testing._mock_connector" in loaded
    assert not {"martlet", "martlet_client_session", "pytest"} & loaded
