"""The files that a jar can be loaded from."""

import json
import os
from pathlib import Path
from typing import Final, NoReturn

from ._cookie import Cookie
from ._errors import CookieLoadError
from ._file_size import MOST_BYTES
from ._foreign_json import load_foreign_json
from ._json_file import load_json

# How the pickle of a dict, or of a defaultdict, begins: from protocol 2 on, 1 and 0.
_PICKLES: Final = (b"\x80", b"}", b"(", b"c")


def read_bounded(path: str | os.PathLike[str]) -> bytes:
    """Read a whole file.

    Raises:
        CookieLoadError: It has more than 16 MiB.
        OSError: It could not be read.
    """
    with Path(path).open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise CookieLoadError(f"{os.fspath(path)}: the file has more than {MOST_BYTES} bytes")
    return data


def read_cookies(path: str | os.PathLike[str], now: float) -> list[Cookie]:
    """Read the cookies of a file, which of the known formats it may be.

    Args:
        path: The file.
        now: Seconds since 1970 UTC, from which Max-Age counts where a file keeps only that.

    Raises:
        CookieLoadError: It is of none of the formats, damaged, of a newer version or too large.
        OSError: It could not be read.
    """
    data = read_bounded(path)
    try:
        return load_cookies(data, now)
    except CookieLoadError as exc:
        raise CookieLoadError(f"{os.fspath(path)}: {exc}") from exc.__cause__


def load_cookies(data: bytes, now: float) -> list[Cookie]:
    """Read the cookies of a file's content, as `read_cookies` does.

    Raises:
        CookieLoadError: It is of none of the formats, damaged or of a newer version.
    """
    if not data:
        raise CookieLoadError("the file is empty")
    if data.startswith(_PICKLES):
        # Old files are rare, and what reads them is large.
        from ._pickle_file import load_pickle

        return load_pickle(data, now)
    if not data.startswith(b"{"):
        raise CookieLoadError("the file is neither the JSON nor the pickle of a jar")
    try:
        content = json.loads(data, parse_constant=_refuse, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as exc:
        raise CookieLoadError("the file is no JSON, or is truncated") from exc
    return load_json(data, content) if "format" in content else load_foreign_json(content)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a key stands twice")
    return fields
