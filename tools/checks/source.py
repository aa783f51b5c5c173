"""Rules on what stands in files: budgets, silenced types, nothing unfinished, honest tests."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from checks.faults import Fault

__all__ = ["check_source", "check_text"]

FILE_LINES: Final = 400
FUNCTION_LINES: Final = 60

# The brackets keep these patterns from finding themselves.
_UNFINISHED: Final = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X)\b")
_IGNORE: Final = re.compile(r"# *type: *ignore(?P<code>\[[\w, -]+\])?\s*(?P<reason>.*)")
_MACHINE: Final = re.compile(r"/(?:work|root)/|\bsession [0-9]+\b", re.IGNORECASE)
_SKIPPING: Final = {"importorskip", "skip", "skipIf", "skipUnless", "skipif", "xfail"}


def check_text(path: Path, name: str) -> Iterator[Fault]:
    """Check any text file: nothing of the machine it was written on."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(lines, 1):
        found = _MACHINE.search(line)
        if found:
            text = f"{found[0]!r} means something on one machine only"
            yield Fault(name, number, "machine", text)


def check_source(path: Path, name: str) -> Iterator[Fault]:
    """Check a Python file."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield Fault(name, 0, "file-length", f"{lines} lines, the budget is {FILE_LINES}")
    try:
        tree = ast.parse(text)
    except SyntaxError as exc:
        yield Fault(name, exc.lineno or 0, "syntax", exc.msg)
        return
    yield from _check_comments(text, name)
    is_test = any(part in {"tests", "tests-integration"} for part in Path(name).parts)
    for node in ast.walk(tree):
        yield from _check_function(node, name)
        yield from _check_unfinished(node, name)
        if is_test:
            yield from _check_test(node, name)


def _check_comments(text: str, name: str) -> Iterator[Fault]:
    before = -1  # the last line that is nothing but a comment
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        number, comment = token.start[0], token.string
        if _UNFINISHED.search(comment):
            yield Fault(name, number, "unfinished", comment)
        ignored = _IGNORE.search(comment)
        if ignored and not ignored["code"]:
            yield Fault(name, number, "type-ignore", "without a code")
        elif ignored and not ignored["reason"].strip("# ") and before != number - 1:
            yield Fault(name, number, "type-ignore", "without a reason, here or on the line before")
        if token.line.lstrip().startswith("#"):
            before = number


def _check_function(node: ast.AST, name: str) -> Iterator[Fault]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > FUNCTION_LINES:
            text = f"{node.name} has {lines} lines, the budget is {FUNCTION_LINES}"
            yield Fault(name, node.lineno, "function-length", text)


def _check_unfinished(node: ast.AST, name: str) -> Iterator[Fault]:
    if isinstance(node, ast.Raise) and node.exc is not None:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if isinstance(raised, ast.Name) and raised.id == "NotImplementedError":
            yield Fault(name, node.lineno, "unfinished", "raises NotImplementedError")


def _check_test(node: ast.AST, name: str) -> Iterator[Fault]:
    # pytest.skip(...), pytest.mark.skipif, unittest.skip
    if isinstance(node, ast.Attribute) and node.attr in _SKIPPING:
        owner = ast.unparse(node.value)
        if owner in {"pytest", "pytest.mark", "unittest"}:
            yield Fault(name, node.lineno, "skipped-test", f"{owner}.{node.attr}")
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "sleep":
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        first = arguments[0] if arguments else None
        if not (isinstance(first, ast.Constant) and first.value == 0):
            text = f"{ast.unparse(node)}: wait for what is to happen, or pass time in"
            yield Fault(name, node.lineno, "sleep", text)
