import importlib
import subprocess
import sys

import martlet
from martlet._homes import HOME_OF


def test_each_home_offers_what_it_is_said_to() -> None:
    for name, home in HOME_OF.items():
        assert name in importlib.import_module(home).__all__


def test_every_name_has_one() -> None:
    assert sorted(HOME_OF) == sorted(martlet.__all__)


def test_modules_are_there_after_a_plain_import() -> None:
    program = "import martlet; print(martlet.hdrs.LOCATION, martlet.abc.AbstractResolver.__name__)"
    command = [sys.executable, "-c", program]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["Location", "AbstractResolver"]
