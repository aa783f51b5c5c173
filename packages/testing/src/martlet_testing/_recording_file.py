"""Recordings as files: the format by the name, and nothing half written."""

import secrets
from collections.abc import Iterable
from pathlib import Path

from ._har import dump_har, parse_har
from ._json_node import JSONNode
from ._json_recording import dump_json, parse_json
from ._recorded_exchange import RecordedExchange

__all__ = ["load_recording", "save_recording"]


def save_recording(path: Path, exchanges: Iterable[RecordedExchange]) -> None:
    """Write a recording: HAR if the name ends in ``.har``, else martlet's own JSON.

    The file is there whole or not at all: another one is written beside it and takes its place.
    Folders that are missing are made. Raises `OSError`.
    """
    data = (dump_har if _is_har(path) else dump_json)(exchanges)
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with beside.open("xb") as file:
            file.write(data)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def load_recording(path: Path) -> list[RecordedExchange]:
    """Read a recording.

    Raises `OSError` if the file cannot be read, `RecordingFormatError` if it is no recording.
    """
    document = JSONNode.parse(path.read_bytes(), str(path))
    return parse_har(document) if _is_har(path) else parse_json(document)


def _is_har(path: Path) -> bool:
    return path.suffix.lower() == ".har"
