"""The jar around httpx, by the block that the README shows, against a real server."""

import re
from pathlib import Path
from typing import Any, Final

from .origin import Origin

README: Final = Path(__file__).parents[2] / "packages" / "cookiejar" / "README.md"


def run_block(url: str) -> dict[str, Any]:
    """Run the README's block with a URL in place of http://example.org/."""
    (block,) = re.findall(r"^```py\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert "http://example.org/" in block
    names: dict[str, Any] = {}
    exec(compile(block.replace("http://example.org/", url), str(README), "exec"), names)
    return names


def test_cookies_of_the_block_go_through_a_redirect(origin: Origin) -> None:
    origin.cookies["/login"] = ["sid=1; Path=/; HttpOnly", "login=2; Path=/login"]
    origin.redirects["/login"] = "/account"
    origin.cookies["/account"] = ["seen=3; Path=/", "sid=4; Path=/"]
    origin.redirects["/account"] = "/done"
    names = run_block(f"http://127.0.0.1:{origin.port}/login")
    assert [(seen.path, seen.cookie) for seen in origin.seen] == [
        ("/login", None),
        ("/account", "sid=1"),
        ("/done", "sid=4; seen=3"),
    ]
    assert names["response"].status_code == 200
    assert {cookie.pair for cookie in names["jar"].list_cookies()} == {"sid=4", "login=2", "seen=3"}
    # Else httpx would send cookies by its own rules, where the jar has none.
    assert len(names["client"].cookies) == 0


def test_cookies_of_the_block_do_not_go_to_another_host(origin: Origin) -> None:
    origin.cookies["/a"] = ["a=1; Path=/"]
    origin.redirects["/a"] = f"http://localhost:{origin.port}/b"
    run_block(f"http://127.0.0.1:{origin.port}/a")
    assert [(seen.host, seen.cookie) for seen in origin.seen] == [
        ("127.0.0.1", None),
        ("localhost", None),
    ]


def test_octets_go_back_through_the_block_as_they_came(origin: Origin) -> None:
    origin.cookies["/"] = ['a="x, y"', "b=€", "c=\udcff", "d", "e="]
    origin.redirects["/"] = "/again"
    run_block(f"http://127.0.0.1:{origin.port}/")
    assert origin.last == 'a="x, y"; b=€; c=\udcff; d; e='
