"""Pickles of old jars, read without calling anything that they name."""

import pickletools
from collections.abc import Callable
from itertools import product
from typing import Any, Final, TypeAlias

import attrs

from ._errors import CookieLoadError

# Protocols below 3 have Python 2's names of the modules.
_CLASSES: Final = {
    *product(("http.cookies", "Cookie"), ("SimpleCookie", "BaseCookie", "Morsel")),
    *product(("copyreg", "copy_reg"), ("_reconstructor",)),
    *product(("builtins", "__builtin__"), ("dict",)),
    ("collections", "defaultdict"),
}
_NO_JAR: Final = "the pickle is not that of a jar"
_TOO_MUCH: Final = "the pickle holds more than a jar's can"
# A cookie takes about 50. Each may take some 200 bytes of memory.
_MOST_STEPS: Final = 2_000_000
# A cookie takes about 80 characters that stood in the pickle before: names of attributes, domain.
_MOST_REPEATED: Final = 64 * 1024 * 1024

Key: TypeAlias = str | tuple[str, str]


@attrs.define(slots=True, eq=False)
class Pickled:
    """An object of a pickle: the name of its class, what it holds as a dict, and its state."""

    kind: str
    items: dict[Key, object] = attrs.field(factory=dict)
    state: object = None


@attrs.frozen(slots=True)
class _Class:
    name: str


def read_pickle(data: bytes) -> object:
    """Read a pickle of nothing but strings, numbers, dicts and cookies.

    Nothing is imported and nothing called: objects of the few classes that are known become
    `Pickled`. No two places share one of them, so that what is read can be walked through in time
    in proportion to it. Time and memory are in proportion to the data and bounded.

    Raises:
        CookieLoadError: It is no pickle, or it holds something else.
    """
    machine = _Machine()
    opcodes = pickletools.genops(data)
    try:
        for _ in range(_MOST_STEPS):
            opcode, argument, _ = next(opcodes)
            if opcode.name == "STOP":
                return machine.pop()
            step = _STEPS.get(opcode.name)
            if step is None:
                raise CookieLoadError(f"the pickle does more than a jar's: {opcode.name}")
            step(machine, argument)
    except CookieLoadError:
        raise
    # The steps raise these two. What genops raises is not documented: ValueError, and a warning of
    # a wrong escape, if warnings are errors.
    except (ValueError, LookupError, Warning) as exc:
        raise CookieLoadError("the file is no pickle, or a damaged or truncated one") from exc
    raise CookieLoadError(_TOO_MUCH)


class _Machine:
    """The stack machine that a pickle is a program for (see `pickletools`)."""

    __slots__ = ("_marks", "_memo", "_repeated", "_stack")

    def __init__(self) -> None:
        self._stack: list[object] = []
        self._marks: list[int] = []
        self._memo: dict[int, object] = {}
        self._repeated = 0

    def push(self, value: object) -> None:
        self._stack.append(value)

    def pop(self) -> object:
        return self._stack.pop()

    def mark(self, _: object) -> None:
        self._marks.append(len(self._stack))

    def since_mark(self) -> list[object]:
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values

    def put(self, index: int) -> None:
        self._memo[index] = self._stack[-1]

    def memoize(self, _: object) -> None:
        self._memo[len(self._memo)] = self._stack[-1]

    def get(self, index: int) -> None:
        value = self._memo[index]
        # That is all that a jar has twice. What small data could make large is counted.
        if not isinstance(value, str | _Class):
            raise CookieLoadError(_NO_JAR)
        if isinstance(value, str):
            self._repeated += len(value)
            if self._repeated > _MOST_REPEATED:
                raise CookieLoadError(_TOO_MUCH)
        self.push(value)

    def tuple_of(self, size: int | None) -> None:
        values = [self.pop() for _ in range(size)][::-1] if size else self.since_mark()
        self.push(tuple(values))

    def named(self, text: str) -> None:
        module, _, name = text.partition(" ")
        self._name(module, name)

    def stacked_name(self, _: object) -> None:
        name, module = self.pop(), self.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise CookieLoadError(_NO_JAR)
        self._name(module, name)

    def _name(self, module: str, name: str) -> None:
        if (module, name) not in _CLASSES:
            raise CookieLoadError(
                f"the pickle names {f'{module}.{name}'[:200]!r}, which is nothing that a jar holds"
            )
        self.push(_Class(name))

    def make(self, _: object) -> None:
        arguments, made = self.pop(), self.pop()
        match made, arguments:
            case _Class("_reconstructor"), (_Class() as kind, _, base):
                # Before protocol 2 what a dict holds is an argument, so None for what is no dict.
                self.push(Pickled(kind.name, base.items if isinstance(base, Pickled) else {}))
            # A defaultdict has a class as its argument.
            case _Class(name), () | (_Class(),):
                self.push(Pickled(name))
            case _:
                raise CookieLoadError(_NO_JAR)

    def build(self, _: object) -> None:
        state = self.pop()
        self._pickled().state = state

    def set_item(self, _: object) -> None:
        value, key = self.pop(), self.pop()
        self._set([key, value])

    def set_items(self, _: object) -> None:
        self._set(self.since_mark())

    def new_dict(self, _: object) -> None:
        values = self.since_mark()
        self.push(Pickled("dict"))
        self._set(values)

    def _set(self, values: list[object]) -> None:
        items = self._pickled().items
        for key, value in zip(values[::2], values[1::2], strict=True):
            match key:
                case str():
                    items[key] = value
                case (str() as domain, str() as path):
                    items[domain, path] = value
                case _:
                    raise CookieLoadError(_NO_JAR)

    def _pickled(self) -> Pickled:
        top = self._stack[-1]
        if not isinstance(top, Pickled):
            raise CookieLoadError(_NO_JAR)
        return top


def _push(machine: _Machine, value: object) -> None:
    machine.push(value)


def _pass(machine: _Machine, value: object) -> None:
    pass


def _pushing(make: Callable[[], object]) -> Callable[[_Machine, object], None]:
    return lambda machine, _: machine.push(make())


def _tupling(size: int | None) -> Callable[[_Machine, object], None]:
    return lambda machine, _: machine.tuple_of(size)


# What pickletools reads as an opcode's argument is of the type that the step asks for.
_STEPS: Final[dict[str, Callable[[_Machine, Any], None]]] = {
    "PROTO": _pass,
    "FRAME": _pass,
    "MARK": _Machine.mark,
    "NONE": _pushing(lambda: None),
    "NEWTRUE": _pushing(lambda: True),
    "NEWFALSE": _pushing(lambda: False),
    **dict.fromkeys(("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "BINFLOAT"), _push),
    **dict.fromkeys(("UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"), _push),
    "EMPTY_TUPLE": _pushing(tuple),
    "TUPLE": _tupling(None),
    "TUPLE1": _tupling(1),
    "TUPLE2": _tupling(2),
    "TUPLE3": _tupling(3),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _Machine.put),
    "MEMOIZE": _Machine.memoize,
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _Machine.get),
    "GLOBAL": _Machine.named,
    "STACK_GLOBAL": _Machine.stacked_name,
    "REDUCE": _Machine.make,
    "NEWOBJ": _Machine.make,
    "BUILD": _Machine.build,
    "EMPTY_DICT": _pushing(lambda: Pickled("dict")),
    "DICT": _Machine.new_dict,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
}
