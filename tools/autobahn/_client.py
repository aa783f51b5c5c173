"""What runs in martlet's environment: the client under test, which echoes what comes.

    python tools/autobahn/_client.py ADDRESS AGENT

The fuzzing server tells at ADDRESS/getCaseCount how many cases its specification chooses, plays
each at ADDRESS/runCase, and writes its report when ADDRESS/updateReports is opened. It judges what
it sees; what it cannot see, an exception out of the client or a case without an end, is printed
here.
"""

import asyncio
import sys
import traceback

from martlet import ClientError, ClientSession, WSMsgType

__all__ = ["play"]

# Most cases take some milliseconds, the longest ones many seconds.
_LONGEST = 120.0


async def play(address: str, agent: str) -> int:
    """Run all cases that the server has; return how many of them did not end well here."""
    failed = 0
    async with ClientSession() as session:
        async with session.ws_connect(f"{address}/getCaseCount") as ws:
            count = int(await ws.receive_str())
        for number in range(1, count + 1):
            try:
                async with asyncio.timeout(_LONGEST):
                    await _echo(session, f"{address}/runCase?case={number}&agent={agent}")
            except (ClientError, OSError):  # a TimeoutError is an OSError
                failed += 1
                print(f"in case {number} of {count}:", traceback.format_exc(), sep="\n")
        async with session.ws_connect(f"{address}/updateReports?agent={agent}") as ws:
            async for _ in ws:
                pass
    print(f"the client ran {count} cases")
    return failed


async def _echo(session: ClientSession, url: str) -> None:
    # Compression is offered always: cases that are not about it do not take it up.
    async with session.ws_connect(url, compress=15, max_msg_size=0) as ws:
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                await ws.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await ws.send_bytes(message.data)


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(play(*sys.argv[1:])) else 0)
