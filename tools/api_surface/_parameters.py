"""Whether a callable can be called as the reference says."""

import inspect
import re
from collections.abc import Iterator
from typing import Final

from ._difference import Rule
from ._offered import keywords
from ._signature import UNSET, Parameter, Signature

Found = tuple[Rule, str]

_BRACKETED: Final = re.compile(r"[(<{\[].*[)>}\]]")
_ENUMERATED: Final = re.compile(r"<[\w.]+: (-?\d+)>")
_POSITIONAL: Final = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
)
_OPEN: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_BY_NAME: Final = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def compare_parameters(
    reference: Signature, ours: inspect.Signature, values: bool
) -> Iterator[Found]:
    """Yield what cannot be passed as in the reference, and defaults that differ.

    *values*: compare what the defaults are, too, not only whether there are any. More parameters
    than in the reference are well if they have defaults.
    """
    own = {name: one for name, one in ours.parameters.items() if name not in ("self", "cls")}
    places = [name for name, one in own.items() if one.kind in _POSITIONAL]
    known = {parameter.name for parameter in reference.parameters}
    place = 0
    for parameter in reference.parameters:
        if parameter.kind in ("args", "kwargs"):
            yield from _open(parameter, own, known)
        elif parameter.kind == "keyword":
            yield from _named(parameter, ours, own, values)
        else:
            if parameter.kind == "either":
                yield from _named(parameter, ours, own, values)
            yield from _placed(parameter, place, places, own)
            known.update(places[place : place + 1] if parameter.kind == "positional" else ())
            place += 1
    for name, one in own.items():
        if name not in known and one.default is one.empty and one.kind not in _OPEN:
            yield "parameter", f"{name} must be given, which the reference does not know"


def _open(
    parameter: Parameter, own: dict[str, inspect.Parameter], known: set[str]
) -> Iterator[Found]:
    """Compare `*args` or `**kwargs`: other parameters in their place are well."""
    args = parameter.kind == "args"
    same = inspect.Parameter.VAR_POSITIONAL if args else inspect.Parameter.VAR_KEYWORD
    fitting = _POSITIONAL if args else _BY_NAME
    if not any(
        one.kind is same or (one.kind in fitting and name not in known) for name, one in own.items()
    ):
        yield "parameter", f"{parameter} is missing"


def _placed(
    parameter: Parameter, place: int, places: list[str], own: dict[str, inspect.Parameter]
) -> Iterator[Found]:
    """Compare an argument by its place."""
    if any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in own.values()):
        if place >= len(places):
            return
    elif place >= len(places):
        if parameter.kind == "positional" or parameter.name in own:
            yield "parameter", f"{parameter.name} cannot be passed by its place, {place + 1}"
        return
    if parameter.kind == "either" and parameter.name in own and places[place] != parameter.name:
        yield "parameter", f"{parameter.name} is not in its place, {place + 1}"


def _named(
    parameter: Parameter,
    ours: inspect.Signature,
    own: dict[str, inspect.Parameter],
    values: bool,
) -> Iterator[Found]:
    """Compare an argument by its name."""
    one = own.get(parameter.name)
    if one is None:
        more = keywords(ours)
        if more is not None and parameter.name not in more:
            yield "parameter", f"{parameter.name} is missing"
        return
    if one.kind not in _BY_NAME:
        yield "parameter", f"{parameter.name} cannot be passed by its name"
    if parameter.default is None:
        return
    if one.default is one.empty:
        yield "default", f"{parameter.name} has no default ({parameter.default})"
    elif values and not _same(parameter.default, one.default):
        shown = parameter.default or "''"
        yield "default", f"{parameter.name} is {one.default!r} by default, not {shown}"


def _same(text: str, value: object) -> bool:
    """Whether the text of a default stands for a value; true if it stands for none."""
    if text == UNSET or " " in _BRACKETED.sub("", text):
        return True
    return text in _spellings(value) or (
        isinstance(value, int | float) and not isinstance(value, bool) and _number(text) == value
    )


def _number(text: str) -> float | None:
    """The number that is written, or that a member of an enumeration stands for."""
    found = _ENUMERATED.fullmatch(text)
    try:
        return float(text if found is None else found[1])
    except ValueError:
        return None


def _spellings(value: object) -> set[str]:
    """How the reference may have written a value."""
    found = {str(value), repr(value).replace("'", "")}
    name = getattr(value, "__qualname__", None)
    if isinstance(name, str):
        module = getattr(value, "__module__", "")
        found |= {name, f"{module}.{name}", f"{module.partition('.')[0]}.{name}"}
    return found
