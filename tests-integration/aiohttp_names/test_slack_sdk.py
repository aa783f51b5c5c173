import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from .answering import AnsweringHandler, web_server
from .library_programs import install, run_program

PAGES = {
    None: (["ann", "bob"], "next"),
    "next": (["cid"], ""),
}


@pytest.fixture(scope="module")
def libraries(pip: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(pip, tmp_path_factory.mktemp("libraries"), "slack_sdk==3.48.0")


class Slack(AnsweringHandler):
    """As much of Slack as the program asks for."""

    limited = False

    def do_GET(self) -> None:
        self.respond()

    def do_POST(self) -> None:
        self.respond()

    def respond(self) -> None:
        body = self.body() if "Content-Length" in self.headers else b""
        where = urlsplit(self.path)
        args = dict(parse_qsl(where.query))
        media = self.headers.get_content_type()
        if media == "application/json":
            args.update(json.loads(body))
        elif media == "application/x-www-form-urlencoded":
            args.update(parse_qsl(body.decode()))
        if where.path == "/hook":
            self.answer(f"ok: {args['text']}".encode())
            return
        assert self.headers["Authorization"] == "Bearer xoxb-1"
        method = where.path.removeprefix("/api/")
        if method == "auth.test" and not Slack.limited:
            Slack.limited = True
            self.answer(b'{"ok": false}', "application/json", 429, Retry_After="0")
            return
        self.answer(json.dumps(self.result(method, args, body)).encode(), "application/json")

    def result(self, method: str, args: dict[str, str], body: bytes) -> dict[str, object]:
        if method == "api.test":
            return {"ok": True, "args": args}
        if method == "chat.postMessage":
            return {"ok": True, "message": f"{args['channel']}: {args['text']}"}
        if method == "users.list":
            members, cursor = PAGES[args.get("cursor")]
            return {"ok": True, "members": members, "response_metadata": {"next_cursor": cursor}}
        if method == "team.setIcon":
            assert self.headers.get_content_type() == "multipart/form-data"
            # The file has been opened by a name of bytes, which no field can have.
            known = [b'name="crop"', b'name="image"; filename="image"', b"\r\n\r\nPNG\r\n"]
            return {"ok": True, "got": [part in body for part in known]}
        if method == "auth.test":
            return {"ok": True, "user": "martlet"}
        return {"ok": False, "error": "message_not_found"}


def test_it_speaks_to_slack(libraries: Path, tmp_path: Path) -> None:
    Slack.limited = False
    picture = tmp_path / "icon.png"
    picture.write_bytes(b"PNG")
    with web_server(Slack) as url:
        lines = run_program("slack_client.py", libraries, url, str(picture))
    assert lines == [
        "{'greeting': 'hi'}",
        "#general: Hello, wörld 200",
        "[['ann', 'bob'], ['cid']]",
        "[True, True, True]",
        "message_not_found",
        "martlet",
        "200 ok: Done",
    ]
