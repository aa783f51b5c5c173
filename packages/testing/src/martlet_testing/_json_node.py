"""Walking through a JSON document that others may have written, and saying where it is wrong."""

import json
from base64 import b64decode
from collections.abc import Iterator

__all__ = ["JSONNode", "RecordingFormatError"]


class RecordingFormatError(ValueError):
    """A file is no recording; it says which file, where in it, and what is wrong there."""


class JSONNode:
    """A value in a document, and the way to it, which errors tell."""

    def __init__(self, value: object, file: str, where: str = "") -> None:
        self.value = value
        self._file = file
        self._where = where

    @classmethod
    def parse(cls, data: bytes, file: str) -> "JSONNode":
        """Parse a document. Raises `RecordingFormatError` for what is no JSON in UTF-8."""
        try:
            return cls(json.loads(data.decode("utf-8-sig")), file)
        except json.JSONDecodeError as exc:
            text = f"{file}: line {exc.lineno}, column {exc.colno}: {exc.msg}"
            raise RecordingFormatError(text) from exc
        except UnicodeDecodeError as exc:
            raise RecordingFormatError(f"{file}: byte {exc.start} is not UTF-8") from exc
        except (RecursionError, ValueError) as exc:  # too deep, or a number too long
            raise RecordingFormatError(f"{file}: {exc}") from exc

    def error(self, problem: str) -> RecordingFormatError:
        """Make the error that there is a *problem* here."""
        return RecordingFormatError(f"{self._file}: {self._where or 'the document'} {problem}")

    def __contains__(self, name: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(name) is not None

    def __getitem__(self, name: str) -> "JSONNode":
        """Give the member *name* of an object."""
        if not isinstance(self.value, dict):
            raise self.error(f"is {_kind(self.value)}, not an object")
        if name not in self.value:
            raise self.error(f"has no {name!r}")
        where = f"{self._where}.{name}" if self._where else name
        return JSONNode(self.value[name], self._file, where)

    def __iter__(self) -> Iterator["JSONNode"]:
        """Give the elements of an array."""
        if not isinstance(self.value, list):
            raise self.error(f"is {_kind(self.value)}, not an array")
        for number, value in enumerate(self.value):
            yield JSONNode(value, self._file, f"{self._where}[{number}]")

    def text(self) -> str:
        """Give a string."""
        if not isinstance(self.value, str):
            raise self.error(f"is {_kind(self.value)}, not a string")
        return self.value

    def integer(self) -> int:
        """Give an integer."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.error(f"is {_kind(self.value)}, not an integer")
        return self.value

    def number(self) -> float:
        """Give a number."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self.error(f"is {_kind(self.value)}, not a number")
        try:
            return float(self.value)
        except OverflowError as exc:
            raise self.error("is too large") from exc

    def base64(self) -> bytes:
        """Give the octets of a string in base64."""
        text = self.text()
        try:
            return b64decode(text, validate=True)
        except ValueError as exc:
            raise self.error("is not base64") from exc


def _kind(value: object) -> str:
    kinds = {bool: "a boolean", str: "a string", list: "an array", dict: "an object"}
    return "null" if value is None else kinds.get(type(value), "a number")
