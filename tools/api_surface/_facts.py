"""The names and signatures of a reference, and the file that they are kept in.

A file is one JSON object: the name (with its module if it is in one, as in `abc.ResolveResult`)
and either the text of a member or, for a class, its bases and its members. A member is written

    property | attribute | constant      it is there
    = 8192                               and has this value
    (data, *args, **kwargs)              a function; before the bracket may stand `async`,
                                         `async-gen`, `classmethod`, or `any`, which is a
                                         function or a coroutine function: it is not known
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, cast

from ._signature import Signature, read_signature

Sort = Literal["method", "property", "attribute", "constant"]
Flavour = Literal["", "async", "async-gen", "classmethod", "any"]

_FLAVOURS: Final = ("", "async", "async-gen", "classmethod", "any")


@dataclass(frozen=True)
class Member:
    """What a class or a module has under one name."""

    sort: Sort
    flavour: Flavour = ""
    signature: Signature = field(default_factory=Signature)
    value: str | None = None

    def __str__(self) -> str:
        if self.sort == "method":
            return f"{self.flavour} {self.signature}".strip()
        return self.sort if self.value is None else f"= {self.value}"


@dataclass
class ClassFacts:
    """A class."""

    bases: list[str] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)


Facts = dict[str, ClassFacts | Member]


def read_member(text: str) -> Member:
    """Read what `str(member)` gave."""
    if text.startswith("="):
        return Member("constant", value=text[1:].strip())
    if text in ("property", "attribute", "constant"):
        return Member(cast(Sort, text))
    flavour, bracket, rest = text.partition("(")
    if flavour.strip() not in _FLAVOURS:
        raise ValueError(f"no member: {text!r}")
    return Member("method", cast(Flavour, flavour.strip()), read_signature(bracket + rest))


def dumped(facts: Facts) -> str:
    """The text of the file: a line for each member."""
    entries = [f" {_text(name)}: {_dumped(fact)}" for name, fact in facts.items()]
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _dumped(fact: ClassFacts | Member) -> str:
    if isinstance(fact, Member):
        return _text(str(fact))
    bases = ", ".join(map(_text, fact.bases))
    members = [f"{_text(name)}: {_text(str(member))}" for name, member in fact.members.items()]
    inner = "\n" + "".join(f"   {one},\n" for one in members)[:-2] + "\n  " if members else ""
    return f'{{\n  "bases": [{bases}],\n  "members": {{{inner}}}\n }}'


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def loaded(path: Path) -> Facts:
    """Read a file."""
    facts: Facts = {}
    given: Mapping[str, str | Mapping[str, object]] = json.loads(path.read_text("utf-8"))
    for name, fact in given.items():
        if isinstance(fact, str):
            facts[name] = read_member(fact)
        else:
            members = cast(Mapping[str, str], fact["members"])
            facts[name] = ClassFacts(
                list(cast(list[str], fact["bases"])),
                {name: read_member(text) for name, text in members.items()},
            )
    return facts
