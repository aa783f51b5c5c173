"""A program of a user of slack_sdk, which knows nothing of martlet but its first call."""

import sys

import martlet

martlet.install_as_aiohttp()

import asyncio  # noqa: E402

# Found by the test alone, so type checkers do not know them.
from slack_sdk.errors import SlackApiError  # type: ignore[import-not-found]  # noqa: E402
from slack_sdk.http_retry.builtin_async_handlers import (  # type: ignore[import-not-found]  # noqa: E402
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import (  # type: ignore[import-not-found]  # noqa: E402
    AsyncWebClient,
)
from slack_sdk.webhook.async_client import (  # type: ignore[import-not-found]  # noqa: E402
    AsyncWebhookClient,
)


async def main(url: str, picture: str) -> None:
    """Talk to the server at *url*; print what it says."""
    client = AsyncWebClient("xoxb-1", base_url=f"{url}/api/")
    print((await client.api_test(greeting="hi"))["args"])
    posted = await client.chat_postMessage(channel="#general", text="Hello, wörld")
    print(posted["message"], posted.status_code)
    print([page["members"] async for page in await client.users_list(limit=2)])
    uploaded = await client.api_call("team.setIcon", files={"image": picture}, data={"crop": "1"})
    print(uploaded["got"])
    try:
        await client.chat_delete(channel="C1", ts="0")
    except SlackApiError as error:
        print(error.response["error"])
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    print((await client.auth_test())["user"])

    answer = await AsyncWebhookClient(f"{url}/hook").send(text="Done")
    print(answer.status_code, answer.body)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
