"""One case: runs in the benchmark's environment and prints samples as JSON.

All libraries are in this one process and take turns, so what disturbs it disturbs them all.
"""

import gc
import itertools
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from bench._runner import turns
from bench._sample import BenchError, Sample

from . import libraries
from ._cases import CASES, Case
from ._messages import Message
from .libraries.shape import Reader

WHOLE = " whole"
"""After the name of a library: the same head in one feed."""
EMPTY_CALL = "empty call"
CALLS = 65_536

_PACKETS = 256
_WHOLE_FEEDS = 4


@dataclass(frozen=True)
class Order:
    """What the parent asks of this child."""

    case: str
    rounds: int
    seconds: float
    """How long a library reads in a round, at least."""


def _cost(work: Callable[[], object]) -> float:
    """The processor's time that *work* takes, in seconds."""
    # Every round starts with the same debt to the collector, which stays as it is by default.
    gc.collect()
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) / 1e9


def check(reader: Reader, name: str, messages: Sequence[Message]) -> None:
    """Raise unless the parser finds in some messages what was written into them."""
    for message in (messages[0], messages[len(messages) // 2], messages[-1]):
        reader.prepare(1)
        reader.read([message.data])
        found = reader.facts()
        if found != message.facts:
            raise BenchError(f"{name} finds {found!r:.2000}\nin place of {message.facts!r:.2000}")


def _batch(reader: Reader, messages: Sequence[Message], seconds: float) -> list[bytes]:
    """As many messages as take that long, and not less than all of them."""
    # Copies, since no two packets are the same object.
    repeated = itertools.islice(itertools.cycle(messages), max(_PACKETS, len(messages)))
    packets = [bytes(bytearray(message.data)) for message in repeated]
    cost = 0.0
    # The first run fills the caches; the second tells the pace.
    for _ in range(2):
        reader.prepare(len(packets))
        cost = _cost(lambda: reader.read(packets))
    return packets * max(1, math.ceil(seconds / max(cost, 1e-6)))


def measure(case: Case, order: Order) -> dict[str, list[Sample]]:
    """Measure a case of whole messages."""
    messages = [case.message(number) for number in range(case.distinct)]
    readers: dict[str, Reader] = {}
    batches: dict[str, list[bytes]] = {}
    for name in case.libraries:
        reader = readers[name] = libraries.create(name, case.kind)
        check(reader, name, messages)
        batches[name] = _batch(reader, messages, order.seconds)
    samples: dict[str, list[Sample]] = {name: [] for name in case.libraries}
    for number in range(order.rounds):
        for name in turns(list(case.libraries), number):
            samples[name].append(_round(readers[name], batches[name]))
    return samples


def _round(reader: Reader, batch: Sequence[bytes]) -> Sample:
    reader.prepare(len(batch))
    return Sample(operations=len(batch), cpu=_cost(lambda: reader.read(batch)))


class _Empty:
    def feed(self, data: bytes) -> None:
        """Do nothing."""


def _empty_calls() -> Sample:
    pieces = [b"x"] * CALLS
    feed = _Empty().feed

    def work() -> None:
        for piece in pieces:
            feed(piece)

    return Sample(operations=1, cpu=_cost(work))


def measure_trickle(case: Case, order: Order) -> dict[str, list[Sample]]:
    """Measure a case of heads that come byte by byte; no head is read twice."""
    fresh = map(case.message, itertools.count())
    readers = {name: libraries.create(name, case.kind) for name in case.libraries}
    for name, reader in readers.items():
        check(reader, name, [next(fresh)])
    samples: dict[str, list[Sample]] = {EMPTY_CALL: []}
    for name in case.libraries:
        samples |= {name: [], name + WHOLE: []}
    for number in range(order.rounds):
        samples[EMPTY_CALL].append(_empty_calls())
        for name in turns(list(case.libraries), number):
            reader = readers[name]
            samples[name].append(_bytewise(reader, name, next(fresh)))
            whole = [next(fresh).data for _ in range(_WHOLE_FEEDS)]
            samples[name + WHOLE].append(_round(reader, whole))
    return samples


def _bytewise(reader: Reader, name: str, message: Message) -> Sample:
    data = message.data
    pieces = [data[at : at + 1] for at in range(len(data))]
    reader.prepare(1)
    sample = Sample(operations=1, cpu=_cost(lambda: reader.trickle(pieces)))
    if reader.facts() != message.facts:
        raise BenchError(f"{name} finds something else in what comes byte by byte")
    return sample


def _main(order: Order) -> dict[str, list[Sample]]:
    case = CASES[order.case]
    return (measure_trickle if case.kind == "trickle" else measure)(case, order)


if __name__ == "__main__":
    try:
        found = _main(Order(**json.loads(sys.argv[1])))
    except BenchError as error:
        sys.exit(str(error))
    print(json.dumps({name: [asdict(one) for one in samples] for name, samples in found.items()}))
