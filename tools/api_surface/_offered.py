"""What a package has under a name, and what a callable of it takes."""

import ast
import importlib
import inspect
import sys
import textwrap
import types
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

__all__ = [
    "MISSING",
    "SET",
    "NotThereError",
    "attribute",
    "is_asynchronous",
    "is_async_generator",
    "is_method",
    "keywords",
    "named",
    "signature",
]

MISSING: Final = object()
"""There is no such name."""
SET: Final = object()
"""Objects of the class have such an attribute, the class itself has none."""

_METHODS: Final = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
    classmethod,
    staticmethod,
)
_AWAITABLE: Final = frozenset({"Awaitable", "Coroutine", "WebSocketContext"})
_GENERATED: Final = frozenset({"AsyncIterator", "AsyncGenerator", "AsyncIterable"})


class NotThereError(LookupError):
    """A package has no such name, or no such module; `name` is which."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name


def named(package: types.ModuleType, name: str) -> object:
    """What *package*, or a module of it, has under a name that may have a dot."""
    module, _, last = name.rpartition(".")
    owner = package
    if module:
        owner = getattr(package, module, None) or _submodule(package, module)
    try:
        # A name may be loaded when it is first asked for.
        return getattr(owner, last)
    except AttributeError:
        raise NotThereError(name, "not there") from None
    except ImportError as error:
        raise NotThereError(name, f"cannot be imported: {error}") from None


def _submodule(package: types.ModuleType, name: str) -> types.ModuleType:
    try:
        return importlib.import_module(f"{package.__name__}.{name}")
    except ImportError as error:
        raise NotThereError(name, f"no such module: {error}") from None


def attribute(owner: type, name: str) -> object:
    """What a class has under a name, not bound; `SET` if only its objects have it."""
    found = inspect.getattr_static(owner, name, MISSING)
    if found is MISSING and any(name in _assigned(base) for base in owner.__mro__):
        return SET
    return found


def is_method(value: object) -> bool:
    """Whether what a class has under a name is called, not read."""
    return isinstance(value, _METHODS)


@cache
def _assigned(owner: type) -> frozenset[str]:
    """The names that a class declares or that its methods assign to on their object."""
    try:
        source = textwrap.dedent(inspect.getsource(owner))
    except (OSError, TypeError):
        return frozenset()
    return frozenset(_targets(ast.parse(source)))


def _targets(tree: ast.Module) -> Iterator[str]:
    (body,) = (node.body for node in tree.body if isinstance(node, ast.ClassDef))
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
    for any_node in ast.walk(tree):
        if (
            isinstance(any_node, ast.Attribute)
            and isinstance(any_node.ctx, ast.Store)
            and isinstance(any_node.value, ast.Name)
            and any_node.value.id == "self"
        ):
            yield any_node.attr


def signature(function: Any) -> inspect.Signature | None:
    """What a callable takes; None if that cannot be found out."""
    options: dict[str, Any] = {}
    if sys.version_info >= (3, 14):
        import annotationlib

        # Some annotations name what is imported for the type checker only.
        options["annotation_format"] = annotationlib.Format.FORWARDREF
    try:
        return inspect.signature(function, **options)
    except (TypeError, ValueError):
        return None


def keywords(taken: inspect.Signature) -> frozenset[str] | None:
    """The keywords that `**options` stands for; None if any will do, empty without it."""
    for parameter in taken.parameters.values():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            if typing.get_origin(parameter.annotation) is not typing.Unpack:
                return None
            (options,) = typing.get_args(parameter.annotation)
            if not typing.is_typeddict(options):
                return None
            # Not its annotations: some name what is imported for the type checker only.
            names: frozenset[str] = options.__required_keys__ | options.__optional_keys__
            return names
    return frozenset()


def is_asynchronous(function: Any, taken: inspect.Signature) -> bool:
    """Whether what a callable returns can be awaited, as far as it says so."""
    if inspect.iscoroutinefunction(function):
        return True
    returned = _returned(function, taken)
    if isinstance(returned, str):
        return returned in _AWAITABLE
    return isinstance(returned, type) and hasattr(returned, "__await__")


def is_async_generator(function: Any, taken: inspect.Signature) -> bool:
    """Whether a callable gives an asynchronous iterator at once, as far as it says so."""
    if inspect.isasyncgenfunction(function):
        return True
    returned = _returned(function, taken)
    name = returned if isinstance(returned, str) else getattr(returned, "__name__", "")
    return name in _GENERATED


def _returned(function: Any, taken: inspect.Signature) -> object:
    """The class in the annotation of what is returned, or its name."""
    annotation = taken.return_annotation
    written = getattr(annotation, "__forward_arg__", annotation)
    if not isinstance(written, str):
        return typing.get_origin(annotation) or annotation
    value: object = sys.modules.get(getattr(function, "__module__", ""))
    *_, last = names = written.partition("[")[0].split(".")
    for name in names:
        value = getattr(value, name, None)
    return last if value is None else value
