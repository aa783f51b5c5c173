"""A table that grows line by line, and a progress bar."""

import sys

__all__ = ["Progress", "Table", "size_of"]

_COLUMNS = (("what", 34), ("status", 8), ("bytes", 12), ("time", 10), ("connections", 11))


def size_of(number: float) -> str:
    """Write a number of bytes for people."""
    for unit in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.2f} GB"


class Table:
    """Prints a line for each thing that was tried, and remembers whether all went well."""

    def __init__(self) -> None:
        self.ok = True
        print("  ".join(name.ljust(width) for name, width in _COLUMNS).rstrip())
        print("  ".join("-" * width for _, width in _COLUMNS))

    def row(
        self,
        what: str,
        *,
        ok: bool,
        status: str,
        size: int | None = None,
        seconds: float | None = None,
        connections: int | None = None,
        note: str = "",
    ) -> None:
        """Print one line, and the note below it."""
        self.ok &= ok
        cells = (
            what if ok else f"{what}  ← FAILED",
            status,
            "" if size is None else size_of(size),
            "" if seconds is None else f"{seconds * 1000:.1f} ms",
            "" if connections is None else str(connections),
        )
        line = "  ".join(
            cell.ljust(width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True)
        )
        print(line.rstrip(), flush=True)
        if note:
            print(f"    {note}", flush=True)


class Progress:
    """A bar on a terminal; nothing where nobody could see it move."""

    _WIDTH = 40

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._shown = -1
        self._live = sys.stdout.isatty()

    def update(self, done: int) -> None:
        """Show that *done* bytes have come."""
        if not self._live:
            return
        part = min(done / self._total, 1.0) if self._total else 0.0
        filled = int(part * self._WIDTH)
        if filled != self._shown:
            self._shown = filled
            bar = "█" * filled + "·" * (self._WIDTH - filled)
            print(f"\r  {bar} {size_of(done):>10}", end="", flush=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._live:
            print("\r" + " " * (self._WIDTH + 16) + "\r", end="", flush=True)
