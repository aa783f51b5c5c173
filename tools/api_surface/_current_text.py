"""Reads the list of names and signatures of the current generation (`api-surface.txt`)."""

import re
from typing import Final

from ._facts import ClassFacts, Facts, Flavour, Member, Sort
from ._signature import read_signature

_MODULE: Final = re.compile(r"module (?P<module>\w+): (?P<rest>.*)")
_CLASS: Final = re.compile(r"class (?P<name>\w+)(?: +\((?P<bases>.*)\))?")
_FUNCTION: Final = re.compile(
    r"(?:(?P<flavour>async|async-gen|classmethod|def) )?(?P<name>\w+)(?P<signature>\(.*)"
)
_PLAIN: Final = re.compile(r"(?P<name>\w+): (?P<sort>property|attribute)")
_CONSTANT: Final = re.compile(r"(?P<name>\w+) = ?(?P<value>.*)")
_ENUM: Final = re.compile(r"(?P<name>\w+)=(?P<value>-?\d+)(?:, |$)")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
# What a class has that defines no constructor of its own: it says nothing.
_ANYTHING: Final = "(self, /, *args, **kwargs)"


def read_current(text: str) -> Facts:
    """All facts of the text."""
    facts: Facts = {}
    for block in re.split(r"\n\s*\n", text):
        first, *lines = block.strip("\n").splitlines() or [""]
        module = _MODULE.fullmatch(first)
        prefix = "" if module is None else f"{module['module']}."
        rest = first if module is None else module["rest"]
        if found := _CLASS.fullmatch(rest):
            # In the lists of modules it is not said which functions are coroutine functions.
            facts[prefix + found["name"]] = _read_class(found, lines, known=not prefix)
        elif module is not None:
            facts.update((prefix + name, Member("constant")) for name in rest.split(", "))
        elif rest.startswith("def "):
            facts.update([_read_function(rest)])
        elif found := _CONSTANT.fullmatch(rest):
            facts[found["name"]] = Member("constant")
    return facts


def _read_function(line: str) -> tuple[str, Member]:
    found = _FUNCTION.fullmatch(line)
    if found is None:
        raise ValueError(f"no function: {line!r}")
    if found["signature"] == "(...)":
        # The name of a type.
        return found["name"], Member("constant")
    return found["name"], Member("method", signature=read_signature(found["signature"]))


def _read_class(found: re.Match[str], lines: list[str], known: bool) -> ClassFacts:
    facts = ClassFacts((found["bases"] or "").split(", ") if found["bases"] else [])
    for line in map(str.strip, lines):
        if line.startswith("fields: "):
            continue
        if _ENUM.match(line):
            for name, value in _ENUM.findall(line):
                facts.members[name] = Member("constant", value=value)
            continue
        named = _read_member(line, known)
        if named is not None:
            facts.members.update([named])
    return facts


def _read_member(line: str, known: bool) -> tuple[str, Member] | None:
    if line.startswith(f"__init__{_ANYTHING}"):
        return None
    if found := _PLAIN.fullmatch(line):
        sort: Sort = "property" if found["sort"] == "property" else "attribute"
        return found["name"], Member(sort)
    if found := _CONSTANT.fullmatch(line):
        value = found["value"] if _NUMBER.fullmatch(found["value"]) else None
        return found["name"], Member("constant", value=value)
    if found := _FUNCTION.fullmatch(line):
        flavours: dict[str, Flavour] = {
            "async": "async",
            "async-gen": "async-gen",
            "classmethod": "classmethod",
        }
        flavour = flavours.get(found["flavour"] or "", "" if known else "any")
        if found["name"].startswith("__init__"):
            flavour = ""
        return found["name"], Member("method", flavour, read_signature(found["signature"]))
    if re.fullmatch(r"\w+", line):
        return line, Member("attribute")
    raise ValueError(f"no member: {line!r}")
