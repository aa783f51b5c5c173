"""Today: a crawler, with a queue, workers and one session."""

import asyncio
import re
import sys

import aiohttp
from yarl import URL

LINK = re.compile(r'href="([^"]*)"')
TITLE = re.compile(r"<title>(.*?)</title>")


class Crawler:
    def __init__(self, session: aiohttp.ClientSession, root: URL) -> None:
        self.session = session
        self.root = root
        self.queue: asyncio.Queue[URL] = asyncio.Queue()
        self.seen: set[URL] = set()
        self.pages: dict[str, str] = {}

    def add(self, url: URL) -> None:
        url = url.with_fragment(None)
        if url.origin() == self.root.origin() and url not in self.seen:
            self.seen.add(url)
            self.queue.put_nowait(url)

    async def visit(self, url: URL) -> None:
        async with self.session.get(url) as response:
            if response.status != 200 or response.content_type != "text/html":
                self.pages[url.path] = f"status {response.status}"
                return
            page = await response.text()
            title = TITLE.search(page)
            self.pages[url.path] = title[1] if title else ""
            for link in LINK.findall(page):
                self.add(response.url.join(URL(link)))

    async def work(self) -> None:
        while True:
            url = await self.queue.get()
            try:
                await self.visit(url)
            finally:
                self.queue.task_done()

    async def run(self, workers: int) -> None:
        self.add(self.root)
        tasks = [asyncio.create_task(self.work()) for _ in range(workers)]
        await self.queue.join()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def main(url: str) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        crawler = Crawler(session, URL(url) / "site/")
        await crawler.run(workers=3)
        for path, title in sorted(crawler.pages.items()):
            print(path, title)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
