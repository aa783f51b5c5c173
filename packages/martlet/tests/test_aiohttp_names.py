import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import martlet
from martlet._homes import MODULES

INSTALLED = "import sys, martlet; martlet.install_as_aiohttp()\n"


def run(program: str, *paths: Path) -> list[str]:
    """Run *program* in an interpreter of its own: what is installed stays for its whole life."""
    setup = f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}\n"
    command = [sys.executable, "-W", "error", "-c", setup + program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Give a folder with another package of the name."""
    package = tmp_path / "aiohttp"
    package.mkdir()
    (package / "__init__.py").write_text("__version__ = 'other'\n")
    (package / "web.py").write_text("")
    return tmp_path


def test_names_are_those_of_martlet() -> None:
    program = """
import aiohttp
print(aiohttp.ClientSession is martlet.ClientSession, aiohttp.__name__)
print(all(getattr(aiohttp, name) is getattr(martlet, name) for name in martlet.__all__))
"""
    assert run(INSTALLED + program) == ["True aiohttp", "True"]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_modules_are_those_of_martlet_and_keep_what_they_are(name: str) -> None:
    program = f"""
import aiohttp.{name}, martlet.{name}
print(aiohttp.{name} is martlet.{name} is sys.modules["aiohttp.{name}"])
print(martlet.{name}.__name__, martlet.{name}.__spec__.name)
from aiohttp import {name}
print({name} is martlet.{name})
"""
    assert run(INSTALLED + program) == ["True", f"martlet.{name} martlet.{name}", "True"]


def test_modules_are_attributes_after_a_plain_import() -> None:
    program = "import aiohttp; print(aiohttp.client_exceptions.ClientError.__name__)"
    assert run(INSTALLED + program) == ["ClientError"]


def test_names_can_be_imported_from_a_module() -> None:
    program = """
from aiohttp.client_exceptions import ClientError
from aiohttp.client import ClientSession as session
from aiohttp import ClientSession
print(ClientError is martlet.ClientError, session is ClientSession)
"""
    assert run(INSTALLED + program) == ["True True"]


def test_version_is_that_of_the_api() -> None:
    program = """
import aiohttp
print(tuple(map(int, aiohttp.__version__.split("."))) >= (3, 10))
print(aiohttp.__version__ != martlet.__version__)
"""
    assert run(INSTALLED + program) == ["True", "True"]


def test_star_import_brings_what_it_does_of_martlet() -> None:
    program = """
names = {}
exec("from aiohttp import *", names)
print({*names, "install_as_aiohttp"} - {"__builtins__"} == {*martlet.__all__, "hdrs"})
"""
    assert run(INSTALLED + program) == ["True"]


def test_dir_shows_names_and_modules() -> None:
    program = """
import aiohttp
shown = dir(aiohttp)
print({*martlet.__all__, "client_exceptions", "__version__"} <= {*shown}, shown == sorted(shown))
"""
    assert run(INSTALLED + program) == ["True True"]


def test_names_can_be_replaced_and_put_back_as_mocks_do() -> None:
    program = """
from unittest.mock import patch
import aiohttp
with patch("aiohttp.ClientSession", None), patch("aiohttp.client.ClientTimeout", 1):
    print(aiohttp.ClientSession, aiohttp.client.ClientTimeout)
print(aiohttp.ClientSession is martlet.ClientSession)
print(aiohttp.client.ClientTimeout is martlet.ClientTimeout)
"""
    assert run(INSTALLED + program) == ["None 1", "True", "True"]


def test_it_goes_before_an_aiohttp_that_is_there(other: Path) -> None:
    program = "import aiohttp; print(aiohttp.ClientSession is martlet.ClientSession)"
    assert run(INSTALLED + program, other) == ["True"]


def test_aiohttp_itself_stays_where_nothing_was_installed(other: Path) -> None:
    assert run("import martlet, aiohttp; print(aiohttp.__version__)", other) == ["other"]


def test_aiohttp_that_has_been_imported_is_an_error_and_nothing_changes(other: Path) -> None:
    program = """
import sys, aiohttp, martlet
before = [*sys.meta_path]
try:
    martlet.install_as_aiohttp()
except RuntimeError as error:
    print(error)
print(sys.meta_path == before, aiohttp.__version__)
import aiohttp.web
"""
    text = (
        "aiohttp itself has already been imported, from"
        f" {other / 'aiohttp' / '__init__.py'}: call install_as_aiohttp()"
        " before the first import of anything that uses aiohttp"
    )
    assert run(program, other) == [text, "True other"]


def test_module_without_a_file_is_an_error_too() -> None:
    program = """
import sys, types, martlet
sys.modules["aiohttp"] = types.ModuleType("aiohttp")
try:
    martlet.install_as_aiohttp()
except RuntimeError as error:
    print("a module without a file" in str(error))
"""
    assert run(program) == ["True"]


def test_a_second_time_does_nothing() -> None:
    program = """
before = [*sys.meta_path]
martlet.install_as_aiohttp()
import aiohttp
martlet.install_as_aiohttp()
print(sys.meta_path == before, sys.modules["aiohttp"] is aiohttp)
"""
    assert run(INSTALLED + program) == ["True True"]


def test_to_install_it_brings_neither_asyncio_nor_a_part() -> None:
    program = """
import aiohttp
loaded = {"asyncio", "ssl", "martlet_client_session", "martlet_exceptions"} & {*sys.modules}
print(loaded)
"""
    assert run(INSTALLED + program) == ["set()"]


SERVER = ["web", "web_exceptions", "web.run", "test_utils", "pytest_plugin", "worker"]


@pytest.mark.parametrize("name", SERVER)
def test_server_cannot_be_imported(name: str) -> None:
    program = f"""
try:
    import aiohttp.{name}
except ModuleNotFoundError as error:
    print(error)
"""
    (text,) = run(INSTALLED + program)
    # Parents are imported before what is in them.
    assert text.startswith(f"aiohttp.{name.partition('.')[0]} is not there: martlet, which is")
    assert "has no server" in text


def test_server_cannot_be_imported_by_its_name() -> None:
    program = """
try:
    from aiohttp import web
except ImportError as error:
    print(error)
"""
    (text,) = run(INSTALLED + program)
    assert "has no server" in text


def test_server_is_no_attribute() -> None:
    program = """
import aiohttp
print(hasattr(aiohttp, "web"))
try:
    aiohttp.web
except AttributeError as error:
    print(error)
"""
    shown, text = run(INSTALLED + program)
    assert shown == "False"
    assert text.startswith("aiohttp.web is not there")


def test_what_is_not_there_is_told_as_of_any_module() -> None:
    program = """
import aiohttp
try:
    aiohttp.NoSuch
except AttributeError as error:
    print(error)
try:
    import aiohttp.no_such
except ModuleNotFoundError as error:
    print(error, error.name)
try:
    import aiohttp._homes
except ModuleNotFoundError as error:
    print(error)
"""
    assert run(INSTALLED + program) == [
        "module 'aiohttp', which is martlet, has no attribute 'NoSuch'",
        "No module named 'aiohttp.no_such' aiohttp.no_such",
        "No module named 'aiohttp._homes'",
    ]


def forget_aiohttp() -> dict[str, ModuleType]:
    """Take all modules of the name out of this process."""
    names = [name for name in sys.modules if name.partition(".")[0] == "aiohttp"]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture
def here() -> Iterator[None]:
    """Take back, at the end, what has been done to this very process."""
    finders, modules = list(sys.meta_path), forget_aiohttp()
    yield
    sys.meta_path[:] = finders
    forget_aiohttp()
    sys.modules.update(modules)


@pytest.mark.usefixtures("here")
def test_in_this_process_it_gives_martlet() -> None:
    martlet.install_as_aiohttp()
    martlet.install_as_aiohttp()
    assert len([finder for finder in sys.meta_path if type(finder).__name__ == "_Finder"]) == 1
    face = import_module("aiohttp")
    assert face.ClientSession is martlet.ClientSession
    assert face.__version__ == "3.14.0"
    assert "install_as_aiohttp" not in face.__all__
    assert {"ClientSession", "client_exceptions"} <= set(dir(face))
    assert import_module("aiohttp.client_exceptions") is martlet.client_exceptions
    assert face.typedefs is import_module("martlet.typedefs")
    martlet.install_as_aiohttp()


@pytest.mark.usefixtures("here")
def test_in_this_process_it_says_what_there_is_not() -> None:
    martlet.install_as_aiohttp()
    face = import_module("aiohttp")
    with pytest.raises(AttributeError, match="no server"):
        _ = face.web
    with pytest.raises(ModuleNotFoundError, match="no server"):
        import_module("aiohttp.web_request")
    with pytest.raises(AttributeError, match="which is martlet, has no attribute 'nothing'"):
        _ = face.nothing
    with pytest.raises(ModuleNotFoundError, match=r"aiohttp\.nothing"):
        import_module("aiohttp.nothing")
    with pytest.raises(ModuleNotFoundError, match="not_there_at_all"):
        import_module("not_there_at_all")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("file", ["/somewhere/aiohttp/__init__.py", None])
def test_in_this_process_it_is_refused_beside_the_real_one(file: str | None) -> None:
    real = ModuleType("aiohttp")
    real.__file__ = file
    sys.modules["aiohttp"] = real
    with pytest.raises(RuntimeError, match=file or "a module without a file"):
        martlet.install_as_aiohttp()
