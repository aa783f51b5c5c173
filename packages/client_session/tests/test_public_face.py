import re
import subprocess
import sys
from pathlib import Path

import pytest

import martlet_client_session


def test_each_public_name_is_there() -> None:
    for name in martlet_client_session.__all__:
        assert getattr(martlet_client_session, name).__class__ is not None


def test_public_names_are_sorted_and_stand_once() -> None:
    names = martlet_client_session.__all__
    constants = [name for name in names if name.isupper()]
    functions = [name for name in names if name.islower()]
    classes = [name for name in names if not name.isupper() and not name.islower()]
    assert names == sorted(set(constants)) + sorted(set(classes)) + sorted(set(functions))


def test_nothing_public_is_missing_from_all() -> None:
    found = {name for name in dir(martlet_client_session) if not name.startswith("_")}
    assert found - {"TYPE_CHECKING", "import_module"} == set(martlet_client_session.__all__)


def test_another_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = martlet_client_session.Nothing


def test_what_a_small_get_does_not_need_is_not_imported() -> None:
    program = (
        "import sys, martlet_client_session as s\n"
        "print(*sorted(m for m in sys.modules if m.startswith('martlet_client_session._')))"
    )
    command = [sys.executable, "-c", program]
    imported = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    late = set(martlet_client_session._NAMES_OF) | {"_outgoing", "_request_body"}
    assert not {f"martlet_client_session.{name}" for name in late} & set(imported.split())


def test_version_is_that_of_the_project_and_of_the_user_agent() -> None:
    from martlet_client_session import _headers

    project = Path(__file__).parent.parent / "pyproject.toml"
    declared = re.search(r'^version = "(.+)"$', project.read_text(encoding="utf-8"), re.MULTILINE)
    assert declared is not None
    assert martlet_client_session.__version__ == declared[1] == _headers.__version__
