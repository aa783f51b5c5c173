"""Compares the facts of a reference with what a package offers."""

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, Final

from ._difference import Difference, Rule
from ._facts import ClassFacts, Facts, Member
from ._offered import (
    MISSING,
    SET,
    NotThereError,
    attribute,
    is_async_generator,
    is_asynchronous,
    is_method,
    named,
    signature,
)
from ._parameters import compare_parameters

# Not of the client, or of no use to its callers.
_IGNORED_BASES: Final = frozenset({"ABC", "object"})

Found = tuple[Rule, str]


@dataclass
class Comparison:
    """What was compared, and what differs."""

    differences: list[Difference] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)


def compare(facts: Facts, package: ModuleType, current: bool) -> Comparison:
    """Compare the names that there are facts of.

    *current*: the facts are of the current generation. Those of the older one say nothing about
    the values of defaults, nor about the names of what is always passed: where the generations
    disagree about these, the current one has its way.
    """
    result = Comparison()
    for name, fact in facts.items():
        module = name.rpartition(".")[0]
        result.compared += [module, name] if module else [name]
        try:
            own = named(package, name)
        except NotThereError as error:
            result.differences.append(Difference(error.name, "missing", str(error)))
            continue
        if "." not in name and name not in getattr(package, "__all__", ()):
            result.differences += _differences(name, [("missing", "not in __all__")])
        if isinstance(fact, Member):
            result.differences += _differences(name, _member(fact, own, current))
        elif not isinstance(own, type):
            result.differences += _differences(name, [("sort", "no class")])
        else:
            _compare_class(name, fact, own, current, result)
    return result


def _differences(subject: str, found: Iterable[Found]) -> list[Difference]:
    return [Difference(subject, rule, text) for rule, text in found]


def _compare_class(
    name: str, facts: ClassFacts, own: type, current: bool, result: Comparison
) -> None:
    result.differences += _differences(name, _bases(name, facts, own))
    for member_name, member in facts.members.items():
        subject = f"{name}.{member_name}"
        result.compared.append(subject)
        if member_name == "__init__":
            # Calling the class is what matters, however it makes its objects.
            found = _member(member, own, current)
        else:
            found = _member(_as_called(member_name, member), attribute(own, member_name), current)
        result.differences += _differences(subject, found)


def _as_called(name: str, member: Member) -> Member:
    """A special method is called by Python, and never by the names of its parameters."""
    return replace(member, signature=member.signature.by_place()) if name[:2] == "__" else member


def _bases(name: str, facts: ClassFacts, own: type) -> Iterator[Found]:
    names = {base.__name__ for base in own.__mro__}
    for base in facts.bases:
        if base not in names | _IGNORED_BASES and not base.startswith("_"):
            yield "base", f"does not derive from {base}"


def _member(member: Member, own: object, current: bool) -> Iterator[Found]:
    if own is MISSING:
        yield "missing", f"no such {'method' if member.sort == 'method' else 'attribute'}"
    elif member.sort == "method":
        yield from _method(member, own, current)
    elif member.sort != "constant" and is_method(own):
        yield "sort", "a method, not an attribute"
    elif current and member.value is not None and not _is_value(own, member.value):
        yield "value", f"{own!r}, not {member.value}"


def _is_value(own: object, text: str) -> bool:
    value = getattr(own, "value", own)
    return isinstance(value, int | float) and value == float(text)


def _method(member: Member, own: object, current: bool) -> Iterator[Found]:
    function: Any = own
    is_of_class = isinstance(own, classmethod)
    if isinstance(own, classmethod | staticmethod):
        function = own.__func__
    if own is SET or not callable(function):
        yield "sort", "an attribute, not a method"
        return
    if member.flavour == "classmethod" and not is_of_class:
        yield "sort", "no class method"
    taken = signature(function)
    if taken is None:
        return
    expected = member.signature if current else member.signature.required_by_place()
    yield from compare_parameters(expected, taken, values=current)
    coroutine = inspect.iscoroutinefunction(function)
    if member.flavour == "async" and not is_asynchronous(function, taken):
        yield "async", "what it returns cannot be awaited"
    elif member.flavour == "async-gen" and not is_async_generator(function, taken):
        yield "async", "no asynchronous generator"
    elif member.flavour in ("", "classmethod") and coroutine:
        yield "async", "a coroutine function, which has to be awaited to have an effect"
