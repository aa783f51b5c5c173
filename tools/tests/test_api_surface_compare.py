"""The comparison with other clients' names: what differs, and what may."""

import asyncio
import inspect
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Iterator
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypedDict, Unpack

import pytest

from api_surface import _cli
from api_surface._compare import Comparison, compare
from api_surface._difference import Difference, Known, judged, known_differences
from api_surface._facts import ClassFacts, Facts, read_member
from api_surface._offered import NotThereError, named
from api_surface._parameters import compare_parameters
from api_surface._signature import read_signature


class Options(TypedDict, total=False):
    data: bytes


class Code(IntEnum):
    OK = 1000


class Version(NamedTuple):
    major: int
    minor: int


class Base:
    __slots__ = ("slot",)


class Body(Base):
    declared: int
    constant = 8192
    kind = ValueError

    def __init__(self, value: bytes, size: int | None = None) -> None:
        self.assigned = value

    @property
    def prop(self) -> int:
        return 1

    @cached_property
    def cached(self) -> int:
        return 1

    def sync(self, name: str = "") -> None: ...

    async def coroutine(self) -> None: ...

    def awaitable(self) -> Awaitable[None]:
        return self.coroutine()

    def task(self) -> "asyncio.Task[None]":
        return asyncio.create_task(self.coroutine())

    def get(self, url: str, **options: Unpack[Options]) -> None: ...

    async def generator(self) -> AsyncIterator[bytes]:
        yield b""

    def iterated(self) -> AsyncIterator[bytes]:
        return self.generator()

    @classmethod
    def of(cls, url: str) -> None: ...

    @staticmethod
    async def static(name: str) -> None: ...

    async def __aexit__(self, *_exc: object) -> None: ...


def package() -> ModuleType:
    module = ModuleType("offering")
    module.__dict__.update(Body=Body, Code=Code, hidden=1, VALUE=b"", __all__=["Body", "Code"])
    return module


def class_facts(**members: str) -> Facts:
    return {"Body": ClassFacts([], {name: read_member(text) for name, text in members.items()})}


def found(facts: Facts, current: bool = True) -> list[str]:
    return list(map(str, compare(facts, package(), current).differences))


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("slot", "attribute"),
        ("declared", "attribute"),
        ("assigned", "property"),
        ("prop", "attribute"),
        ("cached", "property"),
        ("constant", "= 8192"),
        ("kind", "constant"),
        ("sync", "(name=)"),
        ("coroutine", "async ()"),
        ("coroutine", "any ()"),
        ("sync", "any ()"),
        ("awaitable", "async ()"),
        ("task", "async ()"),
        ("awaitable", "()"),
        ("generator", "async-gen ()"),
        ("iterated", "async-gen ()"),
        ("of", "classmethod (url)"),
        ("static", "async (name)"),
        ("get", "(url, *, data=None)"),
        ("__init__", "(value)"),
        ("__init__", "(value, *args, **kwargs)"),
        ("__aexit__", "async (exc_type, exc_val=None, exc_tb=None)"),
        ("__repr__", "()"),
    ],
)
def test_as_expected(name: str, member: str) -> None:
    assert found(class_facts(**{name: member})) == []


@pytest.mark.parametrize(
    ("name", "member", "difference"),
    [
        ("other", "property", "[missing] no such attribute"),
        ("other", "(x)", "[missing] no such method"),
        ("sync", "property", "[sort] a method, not an attribute"),
        ("prop", "()", "[sort] an attribute, not a method"),
        ("assigned", "()", "[sort] an attribute, not a method"),
        ("sync", "classmethod ()", "[sort] no class method"),
        ("constant", "= 1", "[value] 8192, not 1"),
        ("assigned", "= 1", "not 1"),
        ("sync", "async ()", "[async] what it returns cannot be awaited"),
        ("coroutine", "()", "[async] a coroutine function"),
        ("coroutine", "async-gen ()", "[async] no asynchronous generator"),
        ("get", "(url, *, auth=None)", "[parameter] auth is missing"),
        ("sync", "(name=x)", "[default] name is '' by default, not x"),
        ("__init__", "(value, *, encoding=None)", "[parameter] encoding is missing"),
    ],
)
def test_differs(name: str, member: str, difference: str) -> None:
    (one,) = found(class_facts(**{name: member}))
    assert one.startswith(f"Body.{name}: [")
    assert difference in one


def test_names_and_bases() -> None:
    facts: Facts = {
        "Body": ClassFacts(["Base", "ABC", "_Private"]),
        "Code": ClassFacts(["int", "Flag"], {"OK": read_member("= 1000")}),
        "Lost": ClassFacts([], {"x": read_member("property")}),
        "VALUE": ClassFacts(),
        "hidden": read_member("constant"),
        "hdrs.ACCEPT": read_member("constant"),
        "hdrs.AGE": read_member("constant"),
    }
    assert set(found(facts)) == {
        "Code: [base] does not derive from Flag",
        "Lost: [missing] not there",
        "VALUE: [missing] not in __all__",
        "VALUE: [sort] no class",
        "hidden: [missing] not in __all__",
        "hdrs: [missing] no such module: No module named 'offering'",
    }


def test_a_name_whose_module_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> object:
        raise ImportError(f"no {name} here")

    module = package()
    monkeypatch.setattr(module, "__getattr__", load, raising=False)
    with pytest.raises(NotThereError, match="cannot be imported: no Lost here"):
        named(module, "Lost")


def test_a_module_of_a_package() -> None:
    assert named(sys.modules["json"], "decoder.JSONDecoder") is json.JSONDecoder
    assert named(sys.modules["importlib"], "resources.files") is not None


def test_the_older_generation_names_nothing_that_has_to_be_passed() -> None:
    facts = class_facts(__init__="(content, size=3)", sync="(name=x)", constant="= 1")
    assert found(facts, current=False) == []
    assert len(found(facts)) == 5


def call(reference: str, function: Any, values: bool = True) -> list[str]:
    ours = inspect.signature(function)
    return [text for _, text in compare_parameters(read_signature(reference), ours, values)]


VERSION = Version(1, 1)


def plain(a: int, b: str = "x", *, c: float = 0.5) -> None: ...
def rest(a: int, *args: int, **kwargs: int) -> None: ...
def placed(a: int, /, b: int) -> None: ...
def valued(
    v: Version = VERSION, f: Code = Code.OK, d: object = json.dumps, t: object = ()
) -> None: ...
def kinds(e: type = ValueError, b: bytes = b"\n", s: str = "", n: int | None = None) -> None: ...


@pytest.mark.parametrize(
    ("reference", "function"),
    [
        ("(a, b=x, *, c=0.5)", plain),
        ("(a)", plain),
        ("(a, *, b=x)", plain),
        ("(other, /)", plain),
        ("(a, b=<unset>)", plain),
        ("(a, *args, **kwargs)", plain),
        ("(a, b, c, *args, d=1, **kwargs)", rest),
        ("(v=Version(major=1, minor=1), f=<Code.OK: 1000>, d=json.dumps, t=())", valued),
        ("(v, f=1000)", valued),
        ("(e=ValueError, b=b\\n, s=, n=None)", kinds),
        ("(e=ValueError, b=b\\n, s=utf-8 for any body)", kinds),
        ("(x, y, /)", placed),
    ],
)
def test_can_be_called(reference: str, function: Any) -> None:
    assert call(reference, function) == []


@pytest.mark.parametrize(
    ("reference", "function", "differences"),
    [
        ("(a, d)", plain, ["d is missing"]),
        ("(b, a)", plain, ["b is not in its place, 1", "a is not in its place, 2"]),
        ("(a, b, c)", plain, ["c cannot be passed by its place, 3"]),
        ("(a, b=x, *, c=1)", plain, ["c is 0.5 by default, not 1"]),
        ("(a=1)", plain, ["a has no default (1)"]),
        ("()", plain, ["a must be given, which the reference does not know"]),
        ("(b)", placed, ["b is not in its place, 1", "a must be given"]),
        ("(a, b)", placed, ["a cannot be passed by its name"]),
        ("(x, y, z, /)", placed, ["z cannot be passed by its place, 3"]),
        ("(a, b, *args)", placed, ["a cannot be passed by its name", "*args is missing"]),
        ("(a, b=x, *, c=0.5, **kwargs)", plain, ["**kwargs is missing"]),
        ("(e=KeyError, b=b, s=x, n=0)", kinds, ["e is", "b is", "s is", "n is None by default"]),
    ],
)
def test_cannot_be_called(reference: str, function: Any, differences: list[str]) -> None:
    texts = call(reference, function)
    assert len(texts) == len(differences)
    assert all(text.startswith(start) for text, start in zip(texts, differences, strict=True))


def test_values_may_be_left_out() -> None:
    assert call("(a, b=y)", plain, values=False) == []


DIFFERENCE = Difference("Body.sync", "default", "name is '' by default, not x")


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        (Known("Body.sync", "default", "name", "so"), True),
        (Known("*.sync", "default", "", "so"), True),
        (Known("Body.*", "missing", "", "so"), False),
        (Known("Body.sync", "default", "other", "so"), False),
    ],
)
def test_known(entry: Known, meant: bool) -> None:
    verdict = judged([DIFFERENCE, DIFFERENCE], ["Body", "Body.sync"], [entry])
    assert verdict.left == ([] if meant else [DIFFERENCE])
    assert verdict.meant == ([DIFFERENCE] if meant else [])
    assert len(verdict.faults) == (0 if meant else 1)
    assert all("not needed any more" in fault for fault in verdict.faults)


def test_an_entry_about_what_was_not_compared_is_no_fault() -> None:
    verdict = judged([], ["Other"], [Known("Body.sync", "default", "", "so")])
    assert verdict.faults == []


def test_an_entry_needs_a_reason(tmp_path: Path) -> None:
    table = tmp_path / "differences.toml"
    table.write_text('[[difference]]\nsubject = "Body.sync"\nrule = "default"\n')
    verdict = judged([DIFFERENCE], ["Body.sync"], known_differences(table))
    assert verdict.faults == ["Body.sync: [default]: without a reason"]
    assert verdict.left == []


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Difference]]:
    """Stands for all that is compared."""
    differences: list[Difference] = []

    def fake(*_: object, **__: object) -> Comparison:
        return Comparison(differences, [one.subject for one in differences])

    monkeypatch.setattr(_cli, "compare", fake)
    return iter([differences])


@pytest.mark.parametrize(("differs", "status"), [(False, 0), (True, 1)])
def test_exit_status(
    compared: Iterator[list[Difference]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    differs: bool,
    status: int,
) -> None:
    if differs:
        next(compared).append(DIFFERENCE)
    monkeypatch.setattr(sys, "argv", ["api_surface", "--package", "json", "--known"])
    assert _cli.main() == status
    printed = capsys.readouterr().out
    assert ("Body.sync\n    [default] name is" in printed) is differs
    assert printed.endswith(f"{status} differences, and 0 that are meant\n")


def test_meant_differences_are_shown(
    compared: Iterator[list[Difference]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    next(compared).append(DIFFERENCE)
    known = [Known("Body.*", "default", "", "so"), Known("Body.sync", "value", "", "so")]
    monkeypatch.setattr(_cli, "known_differences", lambda _: known)
    monkeypatch.setattr(sys, "argv", ["api_surface", "--package", "json", "--known"])
    assert _cli.main() == 1
    assert capsys.readouterr().out == (
        "\nmeant:\nBody.sync\n    [default] name is '' by default, not x\n"
        "differences.toml: Body.sync: [value]: not needed any more\n"
        "0 differences, and 1 that are meant\n"
    )


def test_the_table_of_this_repository_has_reasons() -> None:
    rules = {"missing", "base", "sort", "async", "parameter", "default", "value"}
    for entry in known_differences(_cli._TABLE):
        assert entry.reason
        assert entry.rule in rules
