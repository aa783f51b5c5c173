"""Old style: multipart bodies, written part by part, and files in forms."""

import asyncio
import hashlib
import io
import sys
from typing import Any

import aiohttp


async def main(base: str) -> None:
    async with aiohttp.ClientSession() as session:
        with aiohttp.MultipartWriter("mixed", boundary="between") as mpwriter:
            mpwriter.append("some text")
            mpwriter.append_json({"answer": 42})
            mpwriter.append_form([("name", "Ann"), ("town", "Köln")])
            part = mpwriter.append(io.BytesIO(b"raw"), {"Content-Type": "image/gif"})
            part.set_content_disposition("attachment", filename="a.gif")
            with aiohttp.MultipartWriter("related", boundary="inner") as inner:
                inner.append(b"deep")
            mpwriter.append(inner)
        print(mpwriter.content_type, len(mpwriter), mpwriter.size)
        async with session.post(base + "/parts", data=mpwriter) as resp:
            for told in (await resp.json())["parts"]:
                print(told["type"], told.get("sha256", "a tree")[:8])

        form = aiohttp.FormData()
        form.add_field("title", "Grüße")
        form.add_field(
            "photo", io.BytesIO(b"GIF89a"), filename="me and you.gif", content_type="image/gif"
        )
        form.add_field("raw", b"\x00\x01", filename="raw.bin")
        form.add_fields(("tag", "one"), ("tag", "two"))
        print(form.is_multipart)
        async with session.post(base + "/parts", data=form) as resp:
            for told in await resp.json():
                print(told["name"], told["filename"], told["type"], told["sha256"][:8])
        print(hashlib.sha256(b"GIF89a").hexdigest()[:8])

        plain = aiohttp.FormData({"q": "a&b", "page": "1"})
        async with session.post(base + "/echo", data=plain) as resp:
            seen = await resp.json()
            print(seen["headers"]["content-type"], seen["body"])
        files: dict[str, Any] = {"file": io.BytesIO(b"from a dict"), "note": "x"}
        async with session.post(base + "/parts", data=files) as resp:
            print([told["name"] for told in await resp.json()])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
