"""Reads the names and signatures out of the older reference (`client-reference.txt`).

It is the text of a page: before a name stands what it is, after it its signature and a pilcrow.
Parameters that the signature does not have may be described below it.
"""

import re
from typing import Final

from ._facts import ClassFacts, Facts, Member
from ._signature import UNSET, Parameter, Signature, read_signature

_ENTRY: Final = re.compile(
    r"(?:^|[.)])-\n"
    r"(?:(?P<what>class|exception|classmethod|coroutine(?: async-with)?)\n)?"
    r"(?P<top>aiohttp\.\n)?"
    r"(?P<name>\w+)\n"
    r"(?P<signature>\(.*\))?\N{PILCROW SIGN}",
    re.MULTILINE,
)
_DESCRIBED: Final = re.compile(r"^- ([a-z_]+) (?:\([\w., ]+\) )?\N{EN DASH}", re.MULTILINE)
_PARAMETERS: Final = "Parameters: "


def read_older(text: str) -> Facts:
    """All facts of the text."""
    facts: Facts = {}
    owner = ClassFacts()
    entries = list(_ENTRY.finditer(text))
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        below = text[entry.end() : following.start() if following else len(text)]
        name = entry["name"]
        if entry["what"] in ("class", "exception"):
            found = facts.setdefault(name, ClassFacts())
            owner = found if isinstance(found, ClassFacts) else ClassFacts()
            if entry["signature"]:
                owner.members["__init__"] = Member("method", "", _signature(entry, below))
        elif not name.startswith("_"):
            member = _member(entry, below)
            if entry["top"]:
                facts[name] = member
            else:
                owner.members[name] = member
    return facts


def _member(entry: re.Match[str], below: str) -> Member:
    if not entry["signature"]:
        return Member("attribute")
    signature = _signature(entry, below)
    if entry["what"] == "classmethod":
        return Member("method", "classmethod", signature)
    return Member("method", "async" if entry["what"] else "", signature)


def _signature(entry: re.Match[str], below: str) -> Signature:
    """What the signature says and, as keywords, what is described besides."""
    written = read_signature(entry["signature"]).parameters
    # A second list belongs to a name that the text has lost.
    _, first, *_ = [*below.split(_PARAMETERS), ""] if _PARAMETERS in below else ["", "", ""]
    names = dict.fromkeys(_DESCRIBED.findall(first))
    known = {parameter.name for parameter in written}
    described = [Parameter(name, "keyword", UNSET) for name in names if name not in known]
    rest = [one for one in written if one.kind == "kwargs"]
    return Signature((*(one for one in written if one.kind != "kwargs"), *described, *rest))
