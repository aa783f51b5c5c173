"""The public face: what is exported, from where, and at what price."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

import martlet_interfaces
import martlet_interfaces.testing
from martlet_interfaces import *  # noqa: F403 - the export list is what is tested
from martlet_interfaces import _observer

FACES: Final = [martlet_interfaces, martlet_interfaces.testing]


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_each_exported_name_is_there_once_and_in_order(face: ModuleType) -> None:
    names = face.__all__
    assert len(set(names)) == len(names)
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))
    for name in names:
        assert getattr(face, name) is not None


def test_a_star_import_gives_them_all() -> None:
    assert set(martlet_interfaces.__all__) <= globals().keys()


def test_what_modules_export_is_exported_and_nothing_else() -> None:
    folder = Path(martlet_interfaces.__file__).parent
    names = [
        name
        for path in folder.glob("_*.py")
        if path.stem != "__init__"
        for name in importlib.import_module(f"martlet_interfaces.{path.stem}").__all__
    ]
    assert sorted(names) == sorted(martlet_interfaces.__all__)


@pytest.mark.parametrize("name", _observer.__all__)
def test_events_are_imported_when_they_are_asked_for(name: str) -> None:
    assert getattr(martlet_interfaces, name) is getattr(_observer, name)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'martlet_interfaces' has no attribute 'Socket'"):
        _ = martlet_interfaces.Socket


def output(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_importing_it_brings_no_event_loop_no_events_and_no_suite() -> None:
    unwanted = {"asyncio", "socket", "ssl", "martlet_interfaces._observer"}
    unwanted |= {"martlet_interfaces.testing", "multidict", "yarl"}
    program = f"import sys, martlet_interfaces; print({unwanted!r} & set(sys.modules))"
    assert output(program) == "set()"


def test_events_come_when_they_are_used() -> None:
    program = (
        "import sys, martlet_interfaces; martlet_interfaces.HeadSent;"
        "print('martlet_interfaces._observer' in sys.modules)"
    )
    assert output(program) == "True"


def test_the_suite_needs_no_test_framework_and_nothing_else_of_martlet() -> None:
    program = (
        "import sys, martlet_interfaces.testing;"
        "print({'pytest', 'unittest', 'hypothesis', 'martlet_exceptions'} & set(sys.modules))"
    )
    assert output(program) == "set()"


def test_the_version_is_that_of_the_distribution() -> None:
    project = Path(__file__).parent.parent / "pyproject.toml"
    assert f'version = "{martlet_interfaces.__version__}"' in project.read_text(encoding="utf-8")
