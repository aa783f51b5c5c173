"""Runs the scenarios: every round of every client is a process of its own, in turn."""

import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ._child import Order
from ._processes import Cores, spawn
from ._sample import BenchError, Sample
from ._scenarios import PROCESS_KINDS, SOCKET_KINDS, Scenario
from ._servers import Addresses
from ._snippets import first_request_program, import_program

Results = dict[str, dict[str, list[Sample]]]
"""By scenario and client; an empty list where a client has no such scenario."""


@dataclass(frozen=True)
class Pace:
    """How long and how often to measure."""

    rounds: int
    process_rounds: int
    """Rounds of the scenarios whose operation is a whole process: short, so there are more."""
    seconds: float
    operations: int | None


@dataclass(frozen=True)
class Runner:
    """Runs rounds against servers that are up."""

    python: Path
    addresses: Addresses
    cores: Cores
    loop: str
    pace: Pace

    def run(self, scenarios: list[Scenario], clients: list[str]) -> Results:
        """Run all scenarios."""
        return {scenario.name: self._scenario(scenario, clients) for scenario in scenarios}

    def _scenario(self, scenario: Scenario, clients: list[str]) -> dict[str, list[Sample]]:
        able = [client for client in clients if scenario.asks(client)]
        samples: dict[str, list[Sample]] = {client: [] for client in clients}
        process = scenario.kind in PROCESS_KINDS
        if process:
            # The first import of all reads the files from the disk.
            for client in able:
                self._round(scenario, client)
        rounds = self.pace.process_rounds if process else self.pace.rounds
        for number in range(rounds):
            for client in turns(able, number):
                samples[client].append(self._round(scenario, client))
            progress(f"{scenario.name}: round {number + 1} of {rounds}")
        progress("")
        return samples

    def _round(self, scenario: Scenario, client: str) -> Sample:
        try:
            if scenario.kind in PROCESS_KINDS:
                return self._process_round(scenario, client)
            return self._child_round(scenario, client)
        except BenchError as error:
            raise BenchError(f"{client} failed in {scenario.name}: {error}") from error

    def _child_round(self, scenario: Scenario, client: str) -> Sample:
        order = Order(
            client=client,
            scenario=scenario.name,
            loop=self.loop,
            base=self._base(scenario),
            counter=self._counter(scenario),
            upload=self.addresses.upload,
            authority=self.addresses.authority if scenario.tls else None,
            seconds=self.pace.seconds,
            operations=self.pace.operations,
        )
        printed = spawn(
            [str(self.python), "-m", "bench._child", json.dumps(asdict(order))], self.cores.client
        )
        return Sample(**json.loads(printed))

    def _counter(self, scenario: Scenario) -> int | None:
        """The port that says how many connections are open."""
        socket = scenario.kind in SOCKET_KINDS
        return self.addresses.echo if socket else self.addresses.hold

    def _base(self, scenario: Scenario) -> str:
        if scenario.kind in SOCKET_KINDS:
            return f"ws://127.0.0.1:{self.addresses.echo}"
        if scenario.kind == "memory":
            if scenario.tls:
                return f"https://127.0.0.1:{self.addresses.hold_tls}"
            return f"http://127.0.0.1:{self.addresses.hold}"
        base = self.addresses.tls if scenario.tls else self.addresses.plain
        if scenario.taken:
            base = self.addresses.bodies
        assert base is not None
        return base

    def _process_round(self, scenario: Scenario, client: str) -> Sample:
        program = import_program(client)
        if scenario.kind == "import-use":
            url = self.addresses.plain + scenario.path
            program = first_request_program(client, url, self.loop, scenario.length)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        # Isolated: no PYTHON* variable and no file of the current folder changes the import.
        spawn([str(self.python), "-I", "-c", program], self.cores.client)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Sample(operations=1, cpu=cpu, wall=wall)


def turns(clients: list[str], number: int) -> Iterator[str]:
    """In which order the clients come in a round."""
    # Two alternate strictly (A B A B); of more, another one begins each round, so that no
    # client always comes first.
    first = number % len(clients) if len(clients) > 2 else 0
    yield from clients[first:]
    yield from clients[:first]


def progress(text: str) -> None:
    """Say where the run is: on a terminal in one line."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
    elif text:
        print(text, file=sys.stderr, flush=True)
