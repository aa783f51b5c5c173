"""What runs in the fuzzer's environment: one target in one process.

    python -m fuzz._child list                       the targets there are, as JSON
    python -m fuzz._child run TARGET ORDER           until time is over, or something is found
    python -m fuzz._child replay TARGET ORDER FILE   one input, without atheris

The target's module is imported late: atheris has to be there before what it watches.
"""

import faulthandler
import json
import resource
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

__all__ = ["Order", "word_list"]

_WATCHED = [
    "martlet_exceptions",
    "martlet_http_parser",
    "martlet_interfaces",
    "martlet_websocket",
]


@dataclass(frozen=True)
class Order:
    """How long to try, with what, and within which limits."""

    folder: str
    """The target's own: its corpus, seeds, words and findings."""
    seconds: int
    timeout: int
    """Seconds that one input may take before the process is stopped."""
    memory: int
    """Mebibytes that the process may take."""
    longest: int
    """Bytes of an input."""


def word_list(words: tuple[bytes, ...]) -> str:
    """The words as libFuzzer reads them: one a line, quoted, each unusual byte escaped."""
    return "".join(f'"{"".join(map(_escaped, word))}"\n' for word in words)


def _escaped(byte: int) -> str:
    usual = 32 <= byte < 127 and chr(byte) not in '"\\'
    return chr(byte) if usual else f"\\x{byte:02x}"


def _write_down(folder: Path, seeds: tuple[bytes, ...], words: tuple[bytes, ...]) -> None:
    for name in ("corpus", "seeds", "findings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for old in (folder / "seeds").iterdir():
        old.unlink()
    for seed in seeds:
        (folder / "seeds" / sha256(seed).hexdigest()[:40]).write_bytes(seed)
    (folder / "words").write_text(word_list(words), encoding="ascii")


def _fuzz(name: str, order: Order) -> None:
    from ._engine import engine

    atheris = engine()
    # Comparisons of strings give hints. (Its hook for expressions lacks arguments of `search`.)
    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=_WATCHED):
        from ._budget import run_within_budget
        from ._targets import TARGETS
    target = TARGETS[name]
    folder = Path(order.folder)
    _write_down(folder, target.seeds, target.words)
    arguments = [
        sys.argv[0],
        f"-max_total_time={order.seconds}",
        f"-timeout={order.timeout}",
        f"-rss_limit_mb={order.memory}",
        f"-max_len={order.longest}",
        f"-dict={folder / 'words'}",
        f"-artifact_prefix={folder / 'findings'}/",
        "-print_final_stats=1",
        # Found things are tried again first, until they are mended and deleted.
        *(str(folder / part) for part in ("corpus", "seeds", "findings")),
    ]
    atheris.Setup(arguments, lambda data: run_within_budget(target, data))
    atheris.Fuzz()


def _replay(name: str, order: Order, file: str) -> None:
    from ._budget import run_within_budget
    from ._targets import TARGETS

    # Shows where it hangs, and ends with an exit status of 1.
    faulthandler.dump_traceback_later(order.timeout, exit=True)
    resource.setrlimit(resource.RLIMIT_AS, (order.memory << 20, order.memory << 20))
    run_within_budget(TARGETS[name], Path(file).read_bytes())


def _main() -> None:
    what, *rest = sys.argv[1:]
    if what == "list":
        from ._targets import TARGETS

        print(json.dumps(list(TARGETS)))
        return
    target, order = rest[0], Order(**json.loads(rest[1]))
    if what == "run":
        _fuzz(target, order)
    else:
        _replay(target, order, rest[2])


if __name__ == "__main__":
    _main()
