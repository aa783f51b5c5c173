"""The middleware that answers Digest challenges."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
from multidict import CIMultiDict
from yarl import URL

from martlet_client_session._client_request import ClientRequest
from martlet_client_session._digest_auth import DigestAuthMiddleware
from martlet_client_session._response import ClientResponse
from martlet_http_parser import parse_challenges

HERE = URL("http://a.example/dir/page?q")
CHALLENGE = 'Digest realm="r", nonce="{}", qop="auth"'


class Answer:
    """As much of a response as the middleware looks at."""

    def __init__(self, status: int, headers: Mapping[str, str]) -> None:
        self.status = status
        self.headers = CIMultiDict(headers)
        self.released = False

    def release(self) -> None:
        self.released = True


def refusal(field: str, **more: str) -> Answer:
    return Answer(401, {"WWW-Authenticate": field, **more})


def success(**headers: str) -> Answer:
    return Answer(200, {name.replace("_", "-"): value for name, value in headers.items()})


class Server:
    """Gives its answers one after the other, and keeps what it was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.given: list[Answer] = []
        self.seen: list[dict[str, str] | None] = []

    async def __call__(self, request: ClientRequest) -> ClientResponse:
        # Each must be out of the way before the next request is sent.
        assert all(answer.released for answer in self.given)
        fields = request.headers.getall("Authorization", [])
        assert len(fields) <= 1
        self.seen.append(dict(parse_challenges(fields[0])[0].parameters) if fields else None)
        self.given.append(self.answers.pop(0))
        return cast("ClientResponse", self.given[-1])

    def values(self, name: str) -> list[str | None]:
        return [None if sent is None else sent.get(name) for sent in self.seen]


def get(url: URL = HERE, **options: Any) -> ClientRequest:
    return ClientRequest("GET", url, **options)


def post(data: Any, **options: Any) -> ClientRequest:
    return ClientRequest("POST", HERE, data=data, **options)


async def sent(
    middleware: DigestAuthMiddleware, server: Server, *requests: ClientRequest
) -> list[int]:
    """Send *requests*, one after the other; give the statuses."""
    statuses = []
    for request in requests:
        before = request.headers.getall("Authorization", [])
        response = await middleware(request, server)
        assert cast("object", response) is server.given[-1]
        assert not server.given[-1].released
        server.given[-1].release()
        assert request.headers.getall("Authorization", []) == before
        statuses.append(response.status)
    assert server.answers == []
    return statuses


@pytest.fixture
def middleware() -> DigestAuthMiddleware:
    return DigestAuthMiddleware("me", "secret")


async def test_a_challenge_is_answered(middleware: DigestAuthMiddleware) -> None:
    server = Server(refusal(CHALLENGE.format("n")), success())
    assert await sent(middleware, server, get()) == [200]
    first, second = server.seen
    assert first is None
    assert second is not None
    assert (second["uri"], second["nc"], second["username"]) == ("/dir/page?q", "00000001", "me")


async def test_later_requests_have_credentials_at_once(middleware: DigestAuthMiddleware) -> None:
    server = Server(refusal(CHALLENGE.format("n")), success(), success(), success())
    other = URL("http://b.example/")
    assert await sent(middleware, server, get(), get(HERE.with_path("/x")), get(other)) == [200] * 3
    assert server.values("nc") == [None, "00000001", "00000002", None]
    assert server.values("uri") == [None, "/dir/page?q", "/x", None]


async def test_later_requests_are_asked_again_if_wanted() -> None:
    middleware = DigestAuthMiddleware("me", "secret", False)
    server = Server(
        refusal(CHALLENGE.format("n")), success(), refusal(CHALLENGE.format("n")), success()
    )
    assert await sent(middleware, server, get(), get()) == [200, 200]
    # The count goes on: it is the nonce's.
    assert server.values("nc") == [None, "00000001", None, "00000002"]


async def test_wrong_credentials_are_sent_once(middleware: DigestAuthMiddleware) -> None:
    server = Server(*(refusal(CHALLENGE.format(nonce)) for nonce in "abcd"))
    assert await sent(middleware, server, get(), get()) == [401, 401]
    assert server.values("nonce") == [None, "a", None, "c"]


async def test_the_same_nonce_again_is_a_refusal(middleware: DigestAuthMiddleware) -> None:
    challenge = CHALLENGE.format("n")
    stale = f"{challenge}, stale=true"
    server = Server(refusal(challenge), success(), refusal(stale), refusal(challenge), success())
    assert await sent(middleware, server, get(), get(), get()) == [200, 401, 200]
    assert server.values("nc") == [None, "00000001", "00000002", None, "00000003"]


async def test_a_stale_nonce(middleware: DigestAuthMiddleware) -> None:
    stale = CHALLENGE + ", stale=true"
    server = Server(
        refusal(CHALLENGE.format("a")), refusal(stale.format("b")), success(), success()
    )
    assert await sent(middleware, server, get(), get()) == [200, 200]
    assert server.values("nonce") == [None, "a", "b", "b"]
    assert server.values("nc") == [None, "00000001", "00000001", "00000002"]


async def test_stale_nonces_without_end(middleware: DigestAuthMiddleware) -> None:
    stale = CHALLENGE + ", stale=true"
    server = Server(*(refusal(stale.format(nonce)) for nonce in "abc"))
    assert await sent(middleware, server, get()) == [401]
    assert server.values("nonce") == [None, "a", "b"]


async def test_a_nonce_that_the_server_has_forgotten(middleware: DigestAuthMiddleware) -> None:
    server = Server(
        refusal(CHALLENGE.format("a")),
        success(),
        refusal(CHALLENGE.format("b")),
        refusal(CHALLENGE.format("c") + ", stale=true"),
        success(),
    )
    assert await sent(middleware, server, get(), get()) == [200, 200]
    assert server.values("nonce") == [None, "a", "a", "b", "c"]


async def test_the_nonce_to_come(middleware: DigestAuthMiddleware) -> None:
    info = 'nextnonce="b", rspauth="x"'
    server = Server(
        refusal(CHALLENGE.format("a"), Authentication_Info=info),
        success(Authentication_Info=info),
        success(Authentication_Info='rspauth="y"'),
        success(),
    )
    assert await sent(middleware, server, get(), get(), get()) == [200] * 3
    assert server.values("nonce") == [None, "a", "b", "b"]
    assert server.values("nc") == [None, "00000001", "00000001", "00000002"]


async def test_a_nonce_to_come_that_nobody_asked_for(middleware: DigestAuthMiddleware) -> None:
    server = Server(success(Authentication_Info='nextnonce="b"'), success())
    assert await sent(middleware, server, get(), get()) == [200, 200]
    assert server.seen == [None, None]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(401, {}),
        refusal('Basic realm="r"'),
        refusal(CHALLENGE.format("n\x01")),
        refusal(CHALLENGE.format("n") + ", algorithm=X"),
        Answer(407, {"WWW-Authenticate": CHALLENGE.format("n")}),
        Answer(200, {"WWW-Authenticate": CHALLENGE.format("n")}),
    ],
)
async def test_what_is_not_answered(middleware: DigestAuthMiddleware, answer: Answer) -> None:
    server = Server(answer)
    assert await sent(middleware, server, get()) == [answer.status]
    assert server.seen == [None]


async def test_a_basic_challenge_beside_it(middleware: DigestAuthMiddleware) -> None:
    field = (
        f'Basic realm="x", {CHALLENGE.format("n")}, Digest realm="s", nonce="m", algorithm=SHA-256'
    )
    server = Server(refusal(field), success())
    assert await sent(middleware, server, get()) == [200]
    assert server.values("realm") == [None, "s"]


async def test_the_users_own_field_wins(middleware: DigestAuthMiddleware) -> None:
    server = Server(refusal(CHALLENGE.format("n")), success())
    assert await sent(middleware, server, get()) == [200]
    own = {"authorization": 'Digest realm="own"'}
    server = Server(refusal(CHALLENGE.format("n")))
    assert await sent(middleware, server, get(headers=own)) == [401]
    assert server.values("realm") == ["own"]


async def test_no_challenge_leads_to_another_origin(middleware: DigestAuthMiddleware) -> None:
    domain = CHALLENGE.format("n") + ', domain="http://b.example/ /"'
    server = Server(refusal(domain), success(), success(), success())
    urls = (HERE, URL("http://b.example/"), URL("https://a.example/dir/page?q"))
    assert await sent(middleware, server, *map(get, urls)) == [200] * 3
    assert server.values("nc") == [None, "00000001", None, None]


async def test_a_request_that_was_sent_elsewhere(middleware: DigestAuthMiddleware) -> None:
    server = Server(refusal(CHALLENGE.format("n")), success())

    async def elsewhere(request: ClientRequest) -> ClientResponse:
        request.url = URL("http://b.example/")
        return await server(request)

    response = await middleware(get(), elsewhere)
    assert response.status == 401
    response.release()
    assert await sent(middleware, server, get()) == [200]
    assert server.seen == [None, None]


async def test_a_body_is_hashed_if_it_has_to_be(middleware: DigestAuthMiddleware) -> None:
    field = 'Digest realm="r", nonce="n", qop="auth-int", algorithm={}'
    for data in (b"body", None, b""):
        server = Server(refusal(field.format("MD5")), success())
        assert await sent(DigestAuthMiddleware("me", "s"), server, post(data)) == [200]
        assert server.values("qop") == [None, "auth-int"]


async def generated() -> Any:
    yield b"body"


@pytest.mark.parametrize("qop", ["auth", "auth-int"])
async def test_a_body_that_cannot_be_sent_again(middleware: DigestAuthMiddleware, qop: str) -> None:
    challenge = refusal(f'Digest realm="r", nonce="n", qop={qop}')
    server = Server(challenge)
    assert await sent(middleware, server, post(generated())) == [401]
    server = Server(refusal(f'Digest realm="r", nonce="n", qop={qop}'), success(), success())
    assert await sent(middleware, server, get(), post(generated())) == [200, 200]
    # With auth-int the body would have to be read before it is sent.
    assert server.values("nc") == [None, "00000001", "00000002" if qop == "auth" else None]


async def test_a_body_that_is_compressed_as_it_is_sent(middleware: DigestAuthMiddleware) -> None:
    large = bytes(300_000)
    whole = 'Digest realm="r", nonce="n", qop=auth-int, algorithm=SHA-256'
    server = Server(refusal(whole))
    assert await sent(middleware, server, post(large, compress="gzip")) == [401]
    server = Server(refusal(f"{whole}, {CHALLENGE.format('n')}"), success())
    assert await sent(middleware, server, post(large, compress="gzip")) == [200]
    assert server.values("qop") == [None, "auth"]
    # What is small has been compressed already.
    server = Server(refusal(whole), success(), success())
    middleware = DigestAuthMiddleware("me", "secret")
    requests = post(b"small", compress="gzip"), post(large, compress="gzip")
    assert await sent(middleware, server, *requests) == [200, 200]
    assert server.values("qop") == [None, "auth-int", None]


async def test_concurrent_requests_count_together(middleware: DigestAuthMiddleware) -> None:
    counts: list[int] = []

    async def handler(request: ClientRequest) -> ClientResponse:
        field = request.headers.get("Authorization")
        await asyncio.sleep(0)
        if field is None:
            return cast("ClientResponse", refusal(CHALLENGE.format("n")))
        counts.append(int(parse_challenges(field)[0].parameters["nc"], 16))
        return cast("ClientResponse", success())

    await asyncio.gather(*(middleware(get(), handler) for _ in range(20)))
    assert sorted(counts) == list(range(1, 21))


@pytest.mark.parametrize("failing", [0, 1])
async def test_failures_come_through(middleware: DigestAuthMiddleware, failing: int) -> None:
    server = Server(*[refusal(CHALLENGE.format("n"))][:failing])
    request = get()
    with pytest.raises(IndexError):
        await middleware(request, server)
    assert "Authorization" not in request.headers


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: DigestAuthMiddleware(cast("str", None), "p"), ValueError, "None is no login"),
        (lambda: DigestAuthMiddleware("u", cast("str", None)), ValueError, "None is no password"),
        (lambda: DigestAuthMiddleware("a:b", "p"), ValueError, "colon"),
        (lambda: DigestAuthMiddleware("a\nb", "p"), ValueError, "control"),
        (lambda: DigestAuthMiddleware("a\ud800", "p"), ValueError, "login has half characters"),
        (lambda: DigestAuthMiddleware("a", "\udfff"), ValueError, "password has half characters"),
        (lambda: DigestAuthMiddleware(cast("str", b"a"), "p"), TypeError, "login must be a str"),
        (lambda: DigestAuthMiddleware("a", cast("str", 1)), TypeError, "password must be a str"),
        (lambda: DigestAuthMiddleware("a", "p", cast("bool", 1)), TypeError, "must be a bool"),
    ],
)
def test_what_is_refused(make: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_the_password_is_not_shown() -> None:
    assert repr(DigestAuthMiddleware("me", "secret")) == "<DigestAuthMiddleware 'me'>"
