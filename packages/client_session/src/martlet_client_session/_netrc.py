"""Credentials from the user's ``.netrc``.

The file is the user's, and not asked for by name in most programs: whatever is wrong with it,
requests go on without it. What is logged then is never what stands in it.
"""

import logging
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from ._basic_auth import BasicAuth

__all__ = ["netrc_auth"]

_log: Final = logging.getLogger("martlet.client")

_MAX_SIZE: Final = 2**20

_State: TypeAlias = tuple[Path, int, int, int]


class _Entries(NamedTuple):
    # Of a host that has an entry without credentials, or with some that Basic cannot send: None.
    of_hosts: Mapping[str, BasicAuth | None]
    default: BasicAuth | None


_NONE: Final = _Entries({}, None)
_known: tuple[_State | None, _Entries] = (None, _NONE)


def netrc_auth(host: str, *, default: bool = True) -> BasicAuth | None:
    """Look up *host* in the file that ``$NETRC`` names, or in ``~/.netrc``.

    On Windows that is ``~/_netrc``. The entry ``default`` is for hosts without one of their own,
    unless *default* is false. The login is the account where an entry has no other. The file is
    read again when it has changed. One that is malformed, not UTF-8, larger than 1 MiB or not
    readable counts as empty, and is warned of, once, by the logger ``martlet.client``.
    """
    entries = _entries()
    name = _normal(host)
    if name in entries.of_hosts:
        return entries.of_hosts[name]
    return entries.default if default else None


def _normal(host: str) -> str:
    return host.lower().removesuffix(".")


def _path() -> Path:
    name = os.environ.get("NETRC") or ("~/_netrc" if sys.platform == "win32" else "~/.netrc")
    return Path(name).expanduser()


def _entries() -> _Entries:
    global _known  # noqa: PLW0603  # the file is one for the whole process
    try:
        path = _path()
        found = path.stat()
    except (OSError, RuntimeError, ValueError):  # the second one: nobody knows where ~ is
        return _NONE
    state = path, found.st_mtime_ns, found.st_size, found.st_ino
    if _known[0] != state:
        # Device files, /dev/null above all, are how one says that there is none.
        _known = state, _NONE if stat.S_ISCHR(found.st_mode) else _read(path, found)
    return _known[1]


def _read(path: Path, found: os.stat_result) -> _Entries:
    from netrc import NetrcParseError, netrc

    if not stat.S_ISREG(found.st_mode):
        return _useless(path, "it is not a regular file")
    if found.st_size > _MAX_SIZE:
        return _useless(path, "it is larger than 1 MiB")
    try:
        machines = netrc(path).hosts
    except NetrcParseError as exc:
        return _useless(path, f"it is malformed near line {exc.lineno}")
    except UnicodeError:
        return _useless(path, "it is not UTF-8")
    except OSError as exc:
        return _useless(path, exc.strerror or type(exc).__name__)
    of_hosts = {
        _normal(name): _credentials(path, *entry)
        for name, entry in machines.items()
        if name != "default"
    }
    default = machines.get("default")
    return _Entries(of_hosts, None if default is None else _credentials(path, *default))


def _useless(path: Path, reason: str) -> _Entries:
    _log.warning("Cannot use %s: %s", path, reason)
    return _NONE


def _credentials(path: Path, login: str, account: str, password: str) -> BasicAuth | None:
    name = login or account
    if not name and not password:
        return None
    try:
        return BasicAuth(name, password, encoding="utf-8")
    except ValueError as exc:
        _log.warning("Cannot use an entry of %s: %s", path, exc)
        return None
