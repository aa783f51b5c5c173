import re
from pathlib import Path

import martlet_client_session


def test_each_public_name_is_there() -> None:
    for name in martlet_client_session.__all__:
        assert getattr(martlet_client_session, name).__class__ is not None


def test_public_names_are_sorted_and_stand_once() -> None:
    names = martlet_client_session.__all__
    constants = [name for name in names if name.isupper()]
    others = [name for name in names if not name.isupper()]
    assert names == sorted(set(constants)) + sorted(set(others))


def test_nothing_public_is_missing_from_all() -> None:
    found = {name for name in vars(martlet_client_session) if not name.startswith("_")}
    assert found == set(martlet_client_session.__all__)


def test_version_is_that_of_the_project_and_of_the_user_agent() -> None:
    from martlet_client_session import _headers

    project = Path(__file__).parent.parent / "pyproject.toml"
    declared = re.search(r'^version = "(.+)"$', project.read_text(encoding="utf-8"), re.MULTILINE)
    assert declared is not None
    assert martlet_client_session.__version__ == declared[1] == _headers.__version__
