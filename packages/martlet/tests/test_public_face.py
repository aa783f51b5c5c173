import re
import subprocess
import sys
from pathlib import Path

import pytest

import martlet
from martlet._homes import HOME_OF

PARTS = (
    "martlet._aiohttp_names",
    "martlet_client_session",
    "martlet_connector_pool",
    "martlet_cookiejar",
    "martlet_exceptions",
    "martlet_http_parser",
    "martlet_interfaces",
    "martlet_websocket",
)


def run(program: str) -> str:
    """Run *program* in an interpreter of its own, where nothing has been imported yet."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", martlet.__all__)
def test_name_is_that_of_one_of_the_parts(name: str) -> None:
    value = getattr(martlet, name)
    home = HOME_OF[name]
    assert home in PARTS
    assert getattr(sys.modules[home], name) is value
    assert name in sys.modules[home].__all__
    # From the second time on it is there without being looked for.
    assert vars(martlet)[name] is value


def test_names_are_sorted_and_stand_once() -> None:
    names = martlet.__all__
    constants = [name for name in names if name.isupper()]
    functions = [name for name in names if name.islower()]
    classes = [name for name in names if not name.isupper() and not name.islower()]
    assert names == sorted(set(constants)) + sorted(set(classes)) + sorted(set(functions))


def test_each_name_has_a_home_and_no_other_has() -> None:
    assert sorted(HOME_OF) == sorted(martlet.__all__)


def test_all_errors_and_no_more_of_the_exceptions_package_are_there() -> None:
    import martlet_exceptions

    public = {name for name in martlet_exceptions.__all__ if not name.isupper()}
    # What a pickled history becomes is made by nobody else.
    assert ({name for name, home in HOME_OF.items() if home == "martlet_exceptions"}) == public - {
        "HistoryRecord"
    }


def test_dir_shows_every_name_before_it_is_imported() -> None:
    shown = run("import martlet; print(*dir(martlet))").split()
    assert set(shown) - {"__file__", "__cached__"} <= set(dir(martlet))
    assert set(martlet.__all__) <= set(shown)
    assert "__version__" in shown
    assert shown == sorted(shown)


def test_unknown_name_is_an_attribute_error_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match=r"^module 'martlet' has no attribute 'NoSuch'$"):
        _ = martlet.NoSuch


def test_unknown_name_cannot_be_imported() -> None:
    with pytest.raises(ImportError, match="cannot import name 'NoSuch'"):
        exec("from martlet import NoSuch", {})


def test_star_import_brings_every_name() -> None:
    names: dict[str, object] = {}
    exec("from martlet import *", names)
    assert set(names) - {"__builtins__"} == set(martlet.__all__)


def test_import_brings_neither_asyncio_nor_ssl_nor_any_part() -> None:
    loaded = run("import sys, martlet; print(*sys.modules)").split()
    assert "martlet" in loaded
    assert not {"asyncio", "ssl", "socket", "yarl", "multidict", *PARTS} & set(loaded)


def test_exceptions_can_be_had_without_the_session() -> None:
    loaded = run("import sys; from martlet import ClientError; print(*sys.modules)").split()
    assert "martlet_exceptions" in loaded
    assert not {"asyncio", "martlet_client_session", "martlet_connector_pool"} & set(loaded)


def test_version_is_that_of_the_project() -> None:
    project = Path(__file__).parent.parent / "pyproject.toml"
    declared = re.search(r'^version = "(.+)"$', project.read_text(encoding="utf-8"), re.MULTILINE)
    assert declared is not None
    assert martlet.__version__ == declared[1]
