"""Examples of messages, good, sloppy and hostile ones, and pieces that they are made of."""

import random
from collections.abc import Sequence
from itertools import pairwise

from martlet_http_parser import Limits

__all__ = ["REQUESTS", "REQUEST_PIECES", "RESPONSES", "RESPONSE_PIECES", "SMALL", "cut_randomly"]

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"
LONG_TRAILERS = b"0\r\n" + b"A: " + b"x" * 47 + b"\r\nB: " + b"x" * 47 + b"\r\n"
# Small enough for generated messages to reach them.
SMALL = Limits(line=60, field=50, fields=4, head=120, chunk_line=24, trailers=120, interim=2)

RESPONSES: Sequence[bytes] = [
    OK + b"Server: x\r\nContent-Length: 5\r\n\r\nhello",
    OK + b"Content-Length: 0\r\n\r\nrest",
    OK + b"Content-Length: 2\r\n\r\nab" + EMPTY + CHUNKED + b"0\r\n\r\n",
    OK + b"Content-Length: 5, 5\r\n\r\nhellorest",
    OK + b"Connection: close\r\n\r\nhello\r\n\r\n",
    b"HTTP/1.0 200 OK\nA: b\n c\n\nhello",
    OK + b"A: b\r\nContent-Length: 2\r\n\nabrest",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\n\nHTTP/1.1 204 No\r\n\r\nx",
    b"HTTP/1.1 102 A\r\nContent-Length: 5\r\n\r\n" + EMPTY,
    b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x05",
    CHUNKED + b"5;a=b\r\nhello\r\n1 \r\n!\r\n0\r\nA: b\r\nC: d\r\n\r\nrest",
    CHUNKED + b"5\r\nhello\r\n0\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\n\r\n",
    CHUNKED + b"5\r\nhello\n0\r\n\r\n",
    CHUNKED + b"5\nhello\r\n0\r\n\r\n",
    CHUNKED + b"5;\x00\r\nhello\r\n0\r\n\r\n",
    CHUNKED + b"0\r\nA: b\n\r\n",
    CHUNKED + b"0\r\nContent-Length: 5\r\n\r\n",
    OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    OK + b"A : b\r\n\r\n",
    OK + b"A: \x00\r\n\r\n",
    OK + b" A: b\r\n\r\n",
    b"\r\n" + OK + b"\r\n",
    b"HTTP/2 200 OK\r\n\r\n",
    b"HTTP/1.1 99 OK\r\n\r\n",
    OK + b"A: " + b"x" * 48 + b"\r\n\r\n",
    OK + b"A: b\r\n" * 5 + b"\r\n",
    OK + b"A: " + b"x" * 100 + b"\r\n\r\n",
    OK + b"A: " + b"x" * 47 + b"\r\nB: " + b"x" * 46 + b"\r\n\r\n",
    OK + b"A: " + b"x" * 47 + b"\r\nB: " + b"x" * 47 + b"\r\n\r\n",
    OK + b"A: " + b"x" * 47 + b"\r\nB: " + b"x" * 49 + b"\r\n\r\n",
    OK + b"A: " + b"x" * 47 + b"\nB: " + b"x" * 49 + b"\n\n",
    b"x" * 200 + b"\r\n\r\n",
    OK + b"A: " + b"x" * 100 + b"y\r\n\r\n",
    CHUNKED + b"1;" + b"x" * 20 + b"\r\nx\r\n0\r\n\r\n",
    CHUNKED + b"1;" + b"x" * 21 + b"\r\nx\r\n0\r\n\r\n",
    CHUNKED + b"1;0123456789\r\nx\r\n" * 8 + b"0\r\n\r\n",
    CHUNKED + b"1;012345678\r\nx\r\n" * 10 + b"0\r\n\r\n",
    CHUNKED + b"0\r\n" + b"A: b\r\n" * 4 + b"\r\n",
    CHUNKED + b"0\r\n" + b"A: b\r\n" * 5 + b"\r\n",
    CHUNKED + b"0\r\n" + b"A: " + b"x" * 48 + b"\r\n\r\n",
    CHUNKED + LONG_TRAILERS + b"C: 34567890\r\n\r\n",
    CHUNKED + LONG_TRAILERS + b"C: 345678901\r\n\r\n",
]

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
SENT = b"Transfer-Encoding: chunked\r\n\r\n"

REQUESTS: Sequence[bytes] = [
    GET + b"\r\n",
    GET + b"\r\n" + POST + b"Content-Length: 5\r\n\r\nhello" + POST + SENT + b"1\r\nx\r\n0\r\n\r\n",
    POST + b"Content-Length: 0\r\n\r\n" + GET + b"\r\nGE",
    POST + b"Content-Length: 9\r\n\r\nhello",
    POST + b"Content-Length: 5, 5\r\n\r\nhello" + GET + b"\r\n",
    POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    POST + b"Content-Length: 5\r\n" + SENT + b"0\r\n\r\n" + GET + b"\r\n",
    POST + SENT + b"5;a\r\nhello\r\n1 \r\n!\r\n0\r\nA: b\r\n\r\n" + GET + b"\r\n",
    POST + SENT + b"5\nhello\r\n0\r\n\r\n",
    POST + SENT + b"0\r\nHost: b\r\n\r\n",
    POST + b"Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n" + GET + b"\r\n",
    POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"\r\n" + GET + b"\r\n" + GET + b"\r\n",
    b"\r\n\r\n" + GET + b"\r\n",
    b"\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\n" + GET + b"\r\n",
    b"GET / HTTP/1.1\nHost: a\n\n" + GET + b"\r\n",
    GET + b"A: b\r\n c\r\n\r\n",
    GET + b"\n" + GET + b"\n",
    b"GET / HTTP/1.0\r\n\r\nrest",
    b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + GET + b"\r\n",
    GET + b"Connection: close\r\n\r\n" + GET + b"\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    GET + b"Host: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    b"GET http://a:80/b?c HTTP/1.1\r\nHost: a:80\r\n\r\n",
    b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n\x16\x03\x01",
    b"OPTIONS * HTTP/1.1\r\nHost:\r\nExpect: 100-continue\r\n\r\n",
    b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    GET + b"A : b\r\n\r\n",
    GET + b"A: \0\r\n\r\n",
    GET + b"A: " + b"x" * 100 + b"\r\n\r\n",
    GET + b"A: b\r\n" * 5 + b"\r\n",
    b"GET /" + b"x" * 60 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
]

_ANY_PIECES: Sequence[bytes] = [
    b"\r\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\n\n",
    b"\r",
    b" ",
    b"\t",
    b";",
    b"A: b\r\n",
    b"A: b",
    b" c",
    b"\0",
    b"\xff",
    b"Content-Length: 5\r\n",
    b"Content-Length: 3, 3\r\n",
    b"Content-Length: x\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: close\r\n",
    b"5\r\nhello\r\n",
    b"0\r\n",
    b"5",
    b"a",
    b"1;x=y\r\nz\r\n",
    b"1 \r\nz\r\n",
    b"f" * 17,
    b"x" * 30,
    b"0\r\n\r\n",
]
RESPONSE_PIECES: Sequence[bytes] = [
    *_ANY_PIECES,
    OK,
    EMPTY,
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.0 304 x\n",
    b"HTTP/1.1 200",
]
REQUEST_PIECES: Sequence[bytes] = [
    *_ANY_PIECES,
    GET,
    GET + b"\r\n",
    POST + SENT,
    b"CONNECT a:1 HTTP/1.1\r\n",
    b"OPTIONS * HTTP/1.0\r\n",
    b"Host: a\r\n",
    b"GET / HTTP/1.1",
    b"Connection: keep-alive\r\n",
]


def cut_randomly(data: bytes, source: random.Random, most: int = 12) -> list[bytes]:
    """Cut *data* at up to *most* places."""
    count = source.randrange(1, most + 1)
    cuts = sorted({0, len(data), *(source.randrange(len(data) + 1) for _ in range(count))})
    return [data[start:end] for start, end in pairwise(cuts)]
