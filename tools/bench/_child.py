"""One round of one client: runs in the benchmark's environment and prints a sample as JSON."""

import asyncio
import gc
import importlib
import itertools
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, cast

from . import clients
from ._body_check import check_counted, check_file, check_form, check_multipart, received
from ._idle_memory import measure_idle
from ._meter import Meter, metered
from ._payloads import FILE_PART, FORM_FIELDS, HEADERS, PARAMS, TEXT_FIELDS
from ._sample import Sample
from ._scenarios import (
    CHECKED_KINDS,
    IDLE_CONNECTIONS,
    POST_PAYLOAD,
    SCENARIOS,
    SOCKET_KINDS,
    STREAM_CHUNK,
    Scenario,
)
from ._socket_rounds import echo, measure_idle_sockets, possible_sockets
from .clients.shape import BadAnswerError, BodyClient, Client, Plan, SocketClient


@dataclass(frozen=True)
class Order:
    """What the parent asks of this child."""

    client: str
    scenario: str
    loop: str
    base: str
    counter: int | None
    """The port where the hold server says how many connections are open, if it runs."""
    upload: str | None
    """The file to send, if there is one."""
    authority: str | None
    seconds: float
    """How long the measured part should take."""
    operations: int | None
    """How many operations it has instead, if given."""


_numbers = itertools.count(1)


def _urls(scenario: Scenario, base: str, count: int) -> Iterator[str]:
    url = base + scenario.path
    if scenario.kind != "varied":
        return itertools.repeat(url, count)
    # Made before the clock starts, and none is the same as one of the warm-up.
    return iter([f"{url}/{n}?n={n}" for n in itertools.islice(_numbers, count)])


def _worker(scenario: Scenario, client: Client, urls: Iterator[str], upload: str | None) -> Any:
    with_bodies = cast(BodyClient, client)
    if scenario.kind == "file":
        assert upload is not None
        return with_bodies.post_file(urls, upload)
    if scenario.kind == "form":
        return with_bodies.post_form(urls, FORM_FIELDS)
    if scenario.kind == "parts":
        return with_bodies.post_parts(urls, TEXT_FIELDS, FILE_PART)
    if scenario.kind == "chunks":
        return with_bodies.chunks(urls)
    if scenario.kind == "json":
        return with_bodies.get_json(urls, PARAMS, HEADERS)
    if scenario.kind == "post":
        return client.post(urls, POST_PAYLOAD)
    if scenario.kind == "stream":
        return client.stream(urls, STREAM_CHUNK)
    return client.get(urls)


async def _run(
    scenario: Scenario, client: Client, base: str, count: int, upload: str | None = None
) -> Sample:
    """Do operations; the sample is the cost of `count`. Raises if a byte is missing."""
    meter = Meter()
    if scenario.steady:
        done = scenario.concurrency + count
        urls = metered(_urls(scenario, base, done), scenario.concurrency, meter)
        got = await _work(scenario, client, urls, upload)
    else:
        done = count
        urls = _urls(scenario, base, done)
        with meter:
            got = await _work(scenario, client, urls, upload)
    if got != done * scenario.length:
        raise BadAnswerError(f"{got} bytes of bodies in place of {done * scenario.length}")
    return meter.sample(count)


async def _work(scenario: Scenario, client: Client, urls: Iterator[str], upload: str | None) -> int:
    """Let the workers of a scenario share some URLs; the bytes of all bodies."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(_worker(scenario, client, urls, upload))
                for _ in range(scenario.concurrency)
            ]
    except BaseExceptionGroup as failures:
        # A broken client fails in every worker alike: one traceback says it all.
        raise failures.exceptions[0] from None
    return sum(task.result() for task in tasks)


async def _measure(
    order: Order, scenario: Scenario, run: Callable[[int], Awaitable[Sample]]
) -> Sample:
    """Warm up, find the pace and do as many operations by *run* as the order asks for."""

    def fitting(sample: Sample) -> int:
        assert sample.wall is not None
        wanted = int(order.seconds * sample.operations / sample.wall)
        return max(scenario.least, min(scenario.most, wanted))

    warm = await run(scenario.warmup)
    count = order.operations or fitting(warm)
    # The first warm-up opened the connections; the second is long enough to tell the pace.
    warm = await run(max(scenario.warmup, count // 10))
    count = order.operations or fitting(warm)
    # Every round starts with the same debt to the collector, which stays as it is by default.
    gc.collect()
    return await run(count)


async def _checked(order: Order, scenario: Scenario, client: Client) -> int:
    """Let the client send one body that the server looks at; its length."""
    await _worker(scenario, client, iter([f"{order.base}/checked"]), order.upload)
    body = received(order.base)
    if scenario.kind == "file":
        assert order.upload is not None
        check_file(body, order.upload)
    elif scenario.kind == "form":
        check_form(body)
    else:
        check_multipart(body)
    return body.length


async def _requests(order: Order, scenario: Scenario, client: Client) -> Sample:
    """A round of a scenario of requests."""
    if scenario.kind == "memory":
        assert order.counter is not None
        return await measure_idle(client, order.base, order.counter, IDLE_CONNECTIONS)
    if scenario.cookies:
        await client.get(iter([f"{order.base}/set-cookies"]))

    async def run(count: int) -> Sample:
        return await _run(scenario, client, order.base, count, order.upload)

    if scenario.kind not in CHECKED_KINDS:
        return await _measure(order, scenario, run)
    length = await _checked(order, scenario, client)
    sample = await _measure(order, scenario, run)
    check_counted(order.base, length)
    return sample


async def _sockets(order: Order, scenario: Scenario, client: SocketClient) -> Sample:
    """A round of a scenario of WebSockets."""
    url = order.base + scenario.path
    if scenario.kind == "socket-memory":
        assert order.counter is not None
        return await measure_idle_sockets(client, url, order.counter, possible_sockets())
    await client.connect(url, compress=scenario.compress)
    return await _measure(order, scenario, partial(echo, scenario, client))


async def _main(order: Order) -> Sample:
    scenario = SCENARIOS[order.scenario]
    memory = scenario.kind == "memory"
    client = clients.create(order.client)
    await client.open(
        Plan(
            concurrency=IDLE_CONNECTIONS if memory else scenario.concurrency,
            limit=scenario.limit,
            fresh=scenario.fresh,
            authority=order.authority,
            cookies=scenario.cookies,
            traced=scenario.traced,
        )
    )
    try:
        if scenario.kind in SOCKET_KINDS:
            return await _sockets(order, scenario, cast(SocketClient, client))
        return await _requests(order, scenario, cast(Client, client))
    finally:
        await client.close()


def _loop_factory(name: str) -> Callable[[], asyncio.AbstractEventLoop]:
    factory: Callable[[], asyncio.AbstractEventLoop]
    factory = importlib.import_module(name).new_event_loop
    return factory


if __name__ == "__main__":
    order = Order(**json.loads(sys.argv[1]))
    with asyncio.Runner(loop_factory=_loop_factory(order.loop)) as runner:
        print(json.dumps(asdict(runner.run(_main(order)))))
