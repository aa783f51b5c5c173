"""martlet's parser against h11 and llhttp, on odd messages and on mutations of them.

Laxer is who reads a message that another refuses, and would go on using the connection.
martlet's default never is, but where RFC 9112 is on its side: llhttp knows some methods
only.
"""

import random
from collections.abc import Iterator

import pytest

from .disagreements import DISAGREEMENTS, PAGE, REFUSALS, agree, normal, verdicts, written
from .hostile import REQUESTS, RESPONSES
from .verdicts import Kind, Verdict, martlet_reads

CASES: list[tuple[Kind, str, bytes]] = [
    *(("response", name, data) for name, data in RESPONSES.items()),
    *(("request", name, data) for name, data in REQUESTS.items()),
]
NAMES = [f"{kind}: {name}" for kind, name, _ in CASES]

OTHER_METHODS = {"method in lower case", "method of our own"}


@pytest.mark.parametrize(("kind", "name", "data"), CASES, ids=NAMES)
def test_every_disagreement_is_documented(kind: Kind, name: str, data: bytes) -> None:
    ours, theirs = verdicts(kind, data)
    alike = agree(
        ours._replace(fields=()), {peer: it._replace(fields=()) for peer, it in theirs.items()}
    )
    assert alike or name in DISAGREEMENTS, (ours, theirs)


@pytest.mark.parametrize(("kind", "name", "data"), CASES, ids=NAMES)
def test_ours_is_never_the_laxer_one(kind: Kind, name: str, data: bytes) -> None:
    ours, theirs = verdicts(kind, data)
    if name in OTHER_METHODS:
        del theirs["llhttp"]
    if ours.outcome == "read":
        assert "refused" not in {verdict.outcome for verdict in theirs.values()}


@pytest.mark.parametrize(("kind", "name", "data"), CASES, ids=NAMES)
def test_strict_reads_nothing_that_the_default_would_not_go_on_after(
    kind: Kind, name: str, data: bytes
) -> None:
    default, strict = martlet_reads(kind, data), martlet_reads(kind, data, strict=True)
    if default.outcome in ("read", "refused", "incomplete"):
        assert strict.outcome == default.outcome
    else:
        assert strict.outcome in ("refused", "read, last")


def test_no_documented_disagreement_has_gone() -> None:
    differing = {name for kind, name, data in CASES if not agree(*verdicts(kind, data))}
    assert set(DISAGREEMENTS) <= differing


def test_the_page_shows_the_disagreements_as_they_are() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert written(text) == text
    assert all(f"| {name} |" in text for name in DISAGREEMENTS)


PIECES = [
    *(bytes([code]) for code in b'\r\n \t\0\x0b\x7f\xe9:;,"a05'),
    b"\r\n",
    b"\r\n\r\n",
    b"\r\n ",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Host: b\r\n",
    b"Connection: close\r\n",
]


def mutations(corpus: dict[str, bytes], count: int, seed: int) -> Iterator[bytes]:
    source = random.Random(seed)
    short = [data for data in corpus.values() if len(data) < 400]
    for _ in range(count):
        data = bytearray(source.choice(short))
        for _ in range(source.randrange(1, 3)):
            at = source.randrange(len(data))
            width = source.choice((0, 0, 1, 1, 2, 3))
            data[at : at + width] = source.choice(PIECES) if source.random() < 0.7 else b""
        yield bytes(data)


def contradiction(data: bytes, ours: Verdict, theirs: Verdict, peer: str) -> str | None:
    """Say how *theirs* contradicts *ours* in a way that the page does not explain."""
    if ours.outcome == "refused":
        explained = any(part in ours.why for part in REFUSALS)
        return None if explained or theirs.outcome == "refused" else f"unlisted: {ours.why}"
    if ours.outcome == "incomplete":
        return None  # nothing has been accepted yet
    if theirs.outcome == "refused":
        method = peer == "llhttp" and len(ours.start) == 2 and ours.start[0] not in ("GET", "POST")
        return "ours is laxer" if ours.outcome == "read" and not method else None
    if theirs.outcome == "incomplete":
        return None if b"chunked\t" in data or b"chunked " in data else "theirs reads on"
    our_start, our_fields, our_body = normal(ours)
    start, fields, body = normal(theirs)
    assert isinstance(fields, tuple)
    assert isinstance(our_fields, tuple)
    if peer == "llhttp" and b"chunked" in data.lower():
        fields = fields[: len(our_fields)]  # it gives trailers as fields
    same = (start, fields, body) == (our_start, our_fields, our_body)
    return None if same else "another reading"


@pytest.mark.parametrize("kind", ["response", "request"])
@pytest.mark.parametrize("seed", range(6))
def test_mutated_messages_show_no_other_disagreement(kind: Kind, seed: int) -> None:
    corpus = RESPONSES if kind == "response" else REQUESTS
    read = refused = 0
    for data in mutations(corpus, 4_000, seed):
        ours, theirs = verdicts(kind, data)
        read += ours.outcome.startswith("read")
        refused += ours.outcome == "refused"
        for peer, verdict in theirs.items():
            assert contradiction(data, ours, verdict, peer) is None, (data, peer, ours, verdict)
    # The mutations are neither all nonsense nor all harmless.
    assert read > 150
    assert refused > 500
