"""Signatures as text: read, without their annotations, and spelled."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

Kind = Literal["positional", "either", "keyword", "args", "kwargs"]

UNSET: Final = "<unset>"
"""A default that has no value of its own."""

_QUOTED: Final = re.compile(r"(b?)(['\"])(.*)\2")
_PARAMETER: Final = re.compile(r"(\*{0,2})(\w+)")
_DEPTH: Final = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


class SignatureError(ValueError):
    """The text is no signature."""


@dataclass(frozen=True)
class Parameter:
    """One parameter; neither `self` nor `cls` is one."""

    name: str
    kind: Kind
    default: str | None = None
    """As text, strings without their quotes; None if it must be given."""

    def __str__(self) -> str:
        stars = {"args": "*", "kwargs": "**"}.get(self.kind, "")
        return f"{stars}{self.name}" + ("" if self.default is None else f"={self.default}")


@dataclass(frozen=True)
class Signature:
    """What a callable takes."""

    parameters: tuple[Parameter, ...] = ()

    def by_place(self) -> "Signature":
        """The same, without names to pass arguments by."""
        return Signature(tuple(_nameless(one) for one in self.parameters))

    def required_by_place(self) -> "Signature":
        """The same, without names for what has to be passed."""
        return Signature(
            tuple(one if one.default is not None else _nameless(one) for one in self.parameters)
        )

    def __str__(self) -> str:
        pieces: list[str] = []
        before: Kind | None = None
        for parameter in self.parameters:
            if before == "positional" and parameter.kind != "positional":
                pieces.append("/")
            if parameter.kind == "keyword" and before not in ("keyword", "args"):
                pieces.append("*")
            pieces.append(str(parameter))
            before = parameter.kind
        if before == "positional":
            pieces.append("/")
        return f"({', '.join(pieces)})"


def _nameless(parameter: Parameter) -> Parameter:
    kind: Kind = "positional" if parameter.kind == "either" else parameter.kind
    return replace(parameter, kind=kind)


def read_signature(text: str) -> Signature:
    """Read what stands from an opening bracket to the one that closes it; the rest is ignored."""
    parameters: list[Parameter] = []
    kind: Kind = "either"
    for number, piece in enumerate(_split(_inside(text), ",")):
        if piece == "*":
            kind = "keyword"
        elif piece == "/":
            parameters = [Parameter(one.name, "positional", one.default) for one in parameters]
        elif number or piece not in ("self", "self: Self", "cls"):
            parameter = _read_parameter(piece, kind)
            parameters.append(parameter)
            if parameter.kind == "args":
                kind = "keyword"
    return Signature(tuple(parameters))


def _read_parameter(piece: str, kind: Kind) -> Parameter:
    declared, *default = _split(piece, "=", 1)
    found = _PARAMETER.match(declared)
    if found is None:
        raise SignatureError(f"no parameter: {piece!r}")
    stars: dict[str, Kind] = {"*": "args", "**": "kwargs"}
    return Parameter(found[2], stars.get(found[1], kind), unquoted(default[0]) if default else None)


def unquoted(text: str) -> str:
    """The text of a literal, as `str()` would give it."""
    found = _QUOTED.fullmatch(text)
    return text if found is None else found[1] + found[3]


def _inside(text: str) -> str:
    """What is between the bracket that *text* begins with and its partner."""
    if not text.startswith("("):
        raise SignatureError(f"no bracket at the beginning of {text!r}")
    depth = 0
    for place, char in enumerate(text):
        depth += _DEPTH.get(char, 0)
        if depth == 0:
            return text[1:place]
    raise SignatureError(f"no end of the brackets in {text!r}")


def _split(text: str, at: str, most: int = -1) -> list[str]:
    """Split where no bracket is open."""
    return [piece.strip() for piece in _pieces(text, at, most)] if text.strip() else []


def _pieces(text: str, at: str, most: int) -> Iterator[str]:
    depth = begin = 0
    for place, char in enumerate(text):
        depth += _DEPTH.get(char, 0)
        if char == at and depth == 0 and most:
            yield text[begin:place]
            begin = place + 1
            most -= 1
    yield text[begin:]
