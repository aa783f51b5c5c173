"""A program of a user of aiohttp-retry, which knows nothing of martlet but its first call."""

import sys

import martlet

martlet.install_as_aiohttp()

import asyncio  # noqa: E402

# Installed by the test alone, so type checkers do not know it.
from aiohttp_retry import (  # type: ignore[import-not-found]  # noqa: E402
    ExponentialRetry,
    RetryClient,
)


async def main(url: str) -> None:
    """Fetch *url*, which answers 503 at first; print what came, and from which session."""
    options = ExponentialRetry(attempts=3, start_timeout=0, statuses={503})
    async with RetryClient(retry_options=options) as client:
        async with client.get(f"{url}/flaky") as response:
            print(response.status, await response.text(), type(response).__module__)
        # The last answer is handed out when the attempts are used up.
        async with client.get(f"{url}/down") as response:
            print(response.status, await response.text())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
