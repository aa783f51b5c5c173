"""What a new user does first, run against installed wheels: one GET from a local server."""

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import martlet


class Handler(BaseHTTPRequestHandler):
    """Answers every GET with a little JSON."""

    def do_GET(self) -> None:
        """Answer."""
        body = b'{"works": true}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Be silent."""


async def fetch(url: str) -> object:
    """Do it as the README says."""
    async with martlet.ClientSession() as session, session.get(url) as response:
        assert response.status == 200, response.status
        return await response.json()


def main() -> None:
    """Start the server, fetch, compare."""
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        answer = asyncio.run(fetch(f"http://127.0.0.1:{server.server_port}/"))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert answer == {"works": True}, answer
    print(f"fetched {answer} with {martlet.__file__}")


if __name__ == "__main__":
    main()
