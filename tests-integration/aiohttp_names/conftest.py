import sys
import venv

import pytest


@pytest.fixture(scope="session")
def pip(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give the command that installs packages; the environment of the tests may have none."""
    folder = tmp_path_factory.mktemp("installer")
    venv.create(folder, with_pip=True)
    return [str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"), "-m", "pip"]
