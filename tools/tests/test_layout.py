"""The layout check finds each kind of fault in a small repository, and nothing in a sound one."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from layout import check_tree

SOUND = {
    "mypy.ini": "mypy_path = x/packages/pool/src\n",
    "pyproject.toml": '[tool.importlinter]\nroot_packages = ["martlet_pool"]\n'
    "[tool.coverage.paths]\nmartlet_pool = []\n",
    "packages/pool/pyproject.toml": '[project]\nname = "martlet-pool"\nversion = "0.1.0"\n'
    'dependencies = ["martlet-interfaces>=0.1,<0.2", "attrs>=23.2"]\n',
    "packages/pool/README.md": "# Pool\n\n```python\nimport martlet_pool\n```\n",
    "packages/pool/CHANGELOG.md": "## [0.1.0] - 2026-01-01\n",
    "packages/pool/LICENSE": "MIT\n",
    "packages/pool/src/martlet_pool/__init__.py": "import martlet_interfaces\n\n__all__ = []\n",
    "packages/pool/src/martlet_pool/py.typed": "",
    "packages/pool/src/martlet_pool/_idle.py": "import attr\n",
    "packages/pool/tests/test_idle.py": "",
    "packages/pool/tests/test_public_face.py": "",
}
SOURCE = "packages/pool/src/martlet_pool"
TEST = "packages/pool/tests/test_idle.py"

type_ignore = "# type" + ": ignore"
# What is changed in the sound repository (None: removed), and the rule that finds it.
FAULTS: list[tuple[str, dict[str, str | None]]] = [
    ("required-file", {"packages/pool/CHANGELOG.md": None}),
    ("required-file", {f"{SOURCE}/py.typed": None}),
    ("readme", {"packages/pool/README.md": "# Pool\n"}),
    ("module-name", {f"{SOURCE}/idle.py": ""}),
    ("module-name", {f"{SOURCE}/_helpers.py": "", "packages/pool/tests/test_helpers.py": ""}),
    ("module-name", {f"{SOURCE}/_base.py": "", "packages/pool/tests/test_base.py": ""}),
    ("test-file", {TEST: None}),
    ("test-file", {"packages/pool/tests/test_public_face.py": None}),
    ("test-file", {f"{SOURCE}/testing/_fake.py": ""}),
    ("public-face", {f"{SOURCE}/__init__.py": "import martlet_interfaces\n"}),
    ("file-length", {f"{SOURCE}/_idle.py": "import attr\n" + "x = 1\n" * 400}),
    ("function-length", {f"{SOURCE}/_idle.py": "import attr\ndef f():\n" + "    x = 1\n" * 60}),
    ("type-ignore", {TEST: f"x = 1  {type_ignore}\n"}),
    ("type-ignore", {TEST: f"x = 1  {type_ignore}[misc]\n"}),
    ("unfinished", {TEST: "# TO" + "DO: more\n"}),
    ("unfinished", {TEST: "raise NotImplementedError\n"}),
    ("skipped-test", {TEST: "pytest.skip('not now')\n"}),
    ("skipped-test", {TEST: "@pytest.mark.xfail\ndef f(): ...\n"}),
    ("sleep", {TEST: "time.sleep(1)\n"}),
    ("sleep", {TEST: "await asyncio.sleep(delay)\n"}),
    ("machine", {"notes.md": "see /ro" + "ot/notes\n"}),
    ("dependency", {f"{SOURCE}/_idle.py": "import attr\nimport yarl\n"}),
    ("dependency", {f"{SOURCE}/_idle.py": ""}),
    ("version", {f"{SOURCE}/_idle.py": 'import attr\n__version__ = "0.2.0"\n'}),
    ("listed", {"mypy.ini": "[mypy]\n"}),
    ("syntax", {"tools/x.py": "def\n"}),
]


@pytest.fixture
def rules_broken(tmp_path: Path) -> Callable[[dict[str, str | None]], set[str]]:
    def check(changes: dict[str, str | None]) -> set[str]:
        for name, text in {**SOUND, **changes}.items():
            if text is not None:
                path = tmp_path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
        return {fault.rule for fault in check_tree(tmp_path)}

    return check


def test_sound(rules_broken: Callable[[dict[str, str | None]], set[str]]) -> None:
    assert rules_broken({}) == set()


@pytest.mark.parametrize(("rule", "changes"), FAULTS)
def test_fault(
    rules_broken: Callable[[dict[str, str | None]], set[str]],
    rule: str,
    changes: dict[str, str | None],
) -> None:
    assert rules_broken(changes) == {rule}


def test_exact_pin(rules_broken: Callable[[dict[str, str | None]], set[str]]) -> None:
    place = "packages/pool/pyproject.toml"
    text = SOUND[place].replace(">=0.1,<0.2", "==0.1.0")
    assert rules_broken({place: text}) == {"sibling-range"}


@pytest.mark.parametrize(
    "text",
    [
        "await asyncio.sleep(0)\n",
        f"# The stub is wrong.\nx = 1  {type_ignore}[misc]\n",
        f"x = 1  {type_ignore}[misc]  # the stub is wrong\n",
    ],
)
def test_allowed(rules_broken: Callable[[dict[str, str | None]], set[str]], text: str) -> None:
    assert rules_broken({TEST: text}) == set()
