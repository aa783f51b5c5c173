"""The cases of the suite: its groups, and which of them to play."""

import re
from typing import Final

__all__ = ["ALL", "GROUPS", "QUICK", "chosen", "group_of", "order_of"]

GROUPS: Final = {
    "1": "framing",
    "2": "pings and pongs",
    "3": "reserved bits",
    "4": "opcodes",
    "5": "fragmentation",
    "6": "UTF-8",
    "7": "closing handshake",
    "9": "limits and performance",
    "10": "automatic fragmentation",
    "12": "compression, by kind and size of message",
    "13": "compression, by what was agreed on",
}
ALL: Final = ("*",)
# All but those that are long, and those of them that are about an extension.
QUICK: Final = tuple(f"{group}.*" for group in GROUPS if group not in {"9", "12", "13"})

_PATTERN: Final = re.compile(r"(?P<group>\d+)(\.\d+){0,2}(\.\*)?\Z")


def chosen(text: str) -> tuple[str, ...]:
    """The patterns that a user gives, with commas between them, such as ``1.*,7.1.6``.

    Raises:
        ValueError: One of them is no pattern of cases.
    """
    patterns = tuple(word.strip() for word in text.split(",") if word.strip())
    for pattern in patterns:
        match = _PATTERN.match(pattern)
        if pattern != "*" and (match is None or match["group"] not in GROUPS):
            groups = ", ".join(GROUPS)
            raise ValueError(f"{pattern!r} is none of the cases 1.1.1, 1.1.* or 1.* of {groups}")
    if not patterns:
        raise ValueError("no cases are given")
    return patterns


def group_of(case: str) -> str:
    """The group of a case."""
    return case.partition(".")[0]


def order_of(case: str) -> tuple[int, ...]:
    """What puts cases, or groups, in the order of the suite."""
    return tuple(int(part) for part in case.split("."))
