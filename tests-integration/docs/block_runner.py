"""Runs one block of a page, or the code in its tables, in a process of its own.

    python -m docs.block_runner PAGE LINE       # the block after that line
    python -m docs.block_runner PAGE cells      # the code in its tables about martlet

In the environment, ``PLACES`` says where the names of hosts lead (see `local_servers`).

* A block without an ``await`` outside of functions is a program, and run as one.
* A block with one is a part of a program: it is run in a coroutine, where `asyncio`, `martlet` and
  `session` are given.
* A block with functions called ``test_…`` is a file for pytest; all of them have to pass.
* Code in a table is a part of a program, too, where `url`, `response` and `file` are given as well;
  what can be entered is entered, and left.
"""

import ast
import asyncio
import contextlib
import inspect
import json
import os
import socket
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import martlet

from .pages import Example, blocks, cells

if TYPE_CHECKING:
    import pytest

__all__ = ["main"]

_URL: Final = "https://example.com/items"
_PYTEST: Final = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"


def resolve_by(places: dict[str, int]) -> Callable[..., list[Any]]:
    """Make a `socket.getaddrinfo` that knows *places* only."""

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[Any]:
        local = places.get(f"{host}:{port}")
        if local is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        address = ("127.0.0.1", local)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)]

    return getaddrinfo


def compiled(example: Example) -> CodeType:
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code: CodeType = compile(example.program, str(example.page), "exec", flags)
    return code


def run_block(example: Example) -> None:
    tests = [
        node.name
        for node in ast.parse(example.source).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    ]
    code = compiled(example)
    if tests:
        run_tests(example, tests)
    elif code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(run_part(code))
    else:
        exec(code, {"__name__": "__main__"})


async def run_part(code: CodeType) -> None:
    async with martlet.ClientSession() as session:
        names = {"__name__": "__main__", "asyncio": asyncio, "martlet": martlet, "session": session}
        await called(code, names)


def called(code: CodeType, names: dict[str, Any]) -> Coroutine[Any, Any, Any]:
    running: Coroutine[Any, Any, Any] = FunctionType(code, names)()
    return running


def run_tests(example: Example, names: list[str]) -> None:
    import pytest  # here, because most blocks are no tests, and it takes its time

    path = Path("test_block.py")
    path.write_text(example.program, encoding="utf-8")
    passed = set()

    class Watch:
        def pytest_runtest_logreport(self, report: "pytest.TestReport") -> None:
            if report.when == "call" and report.passed:
                passed.add(report.nodeid.rpartition("::")[2].partition("[")[0])

    Path("pytest.ini").write_text(_PYTEST)
    options = ["-q", "-p", "no:cacheprovider", "--tb=native", str(path)]
    status = pytest.main(options, plugins=[Watch()])
    assert status == 0
    assert passed == set(names)


async def run_cells(page: Path) -> None:
    for example in cells(page):
        try:
            await run_cell(example)
        except BaseException as exc:
            exc.add_note(f"{page.name}:{example.line + 1}: {example.source}")
            raise


async def run_cell(example: Example) -> None:
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(martlet.ClientSession())
        names: dict[str, Any] = {
            "__name__": "__main__",
            "asyncio": asyncio,
            "martlet": martlet,
            "session": session,
            "url": _URL,
        }
        if "response" in example.source:
            context: Any = session.get(_URL)
            names["response"] = await stack.enter_async_context(context)
        if "file" in example.source:
            names["file"] = stack.enter_context(photo())
        tree = ast.parse(example.source)
        if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            code = compile(example.source, str(example.page), "eval", flags)
            value = await called(code, names) if is_part(code) else eval(code, names)
            if hasattr(value, "__aenter__"):
                await stack.enter_async_context(value)
        else:
            code = compiled(example)
            if is_part(code):
                await called(code, names)
            else:
                exec(code, names)


def photo() -> BinaryIO:
    return Path("photo.png").open("rb")  # who calls closes it, or the request


def is_part(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_COROUTINE)


def main(page: Path, which: str) -> None:
    """Run what *which* says of *page*; raises what that raises."""
    socket.getaddrinfo = resolve_by(json.loads(os.environ["PLACES"]))
    if which == "cells":
        asyncio.run(run_cells(page))
    else:
        (example,) = (block for block in blocks(page) if block.line == int(which))
        run_block(example)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
