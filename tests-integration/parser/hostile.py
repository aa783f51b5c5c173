"""Messages that are odd, sloppy or hostile, each with a name.

They are complete: what is no refusal and no end of message is a reading of its own.
"""

__all__ = ["REQUESTS", "RESPONSES"]

OK = b"HTTP/1.1 200 OK\r\n"
END = b"Content-Length: 0\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
BODY = b"5\r\nhello\r\n0\r\n\r\n"


def _fields(start: bytes, body: bytes, chunked: bytes) -> dict[str, bytes]:
    """What may be wrong with the fields of any message; *start* has none that frames it."""
    none = body[:0]
    return {
        "obs-fold": start + b"A: b\r\n c\r\n" + body,
        "obs-fold with tab": start + b"A: b\r\n\tc\r\n" + body,
        "fold of nothing": start + b"A: b\r\n \r\n" + body,
        "fold on the first field line": start.split(b"\r\n")[0] + b"\r\n A: b\r\n" + body,
        "bare LF after a field": start + b"A: b\n" + body,
        "bare LF after all lines": (start + body).replace(b"\r\n", b"\n"),
        "bare LF ends the head": start + body[:-2] + b"\n",
        "bare CR in a value": start + b"A: b\rc\r\n" + body,
        "CR CR LF after a field": start + b"A: b\r\r\n" + body,
        "NUL in a value": start + b"A: b\0c\r\n" + body,
        "0x01 in a value": start + b"A: b\x01c\r\n" + body,
        "DEL in a value": start + b"A: b\x7fc\r\n" + body,
        "tab in a value": start + b"A: b\tc\r\n" + body,
        "obs-text in a value": start + b"A: b\xe9c\r\n" + body,
        "UTF-8 in a value": start + "A: b\u00e9\u20ac\r\n".encode() + body,
        "blanks around a value": start + b"A: \t b \t \r\n" + body,
        "vertical tab around a value": start + b"A: \x0bb\r\n" + body,
        "empty value": start + b"A:\r\n" + body,
        "no blank after the colon": start + b"A:b\r\n" + body,
        "space before the colon": start + b"A : b\r\n" + body,
        "tab before the colon": start + b"A\t: b\r\n" + body,
        "empty name": start + b": b\r\n" + body,
        "no colon": start + b"A\r\n" + body,
        "space in a name": start + b"A B: c\r\n" + body,
        "obs-text in a name": start + b"\xe9: c\r\n" + body,
        "NUL in a name": start + b"A\0: c\r\n" + body,
        "bracket in a name": start + b"A[]: c\r\n" + body,
        "every token character in a name": start + b"!#$%&'*+-.^_`|~09azAZ: c\r\n" + body,
        "a name without a letter": start + b"0: c\r\n" + body,
        "a field line of 64 kB": start + b"A: " + b"b" * 65_000 + b"\r\n" + body,
        "200 fields": start + b"A: b\r\n" * 200 + body,
        "Content-Length and chunked": start + b"Content-Length: 5\r\n" + chunked + BODY,
        "chunked and Content-Length": start + chunked[:-2] + b"Content-Length: 5\r\n\r\n" + BODY,
        "two equal Content-Lengths": start + b"Content-Length: 5\r\n" * 2 + b"\r\nhello",
        "a list of equal Content-Lengths": start + b"Content-Length: 5, 5\r\n\r\nhello",
        "two differing Content-Lengths": start
        + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "a list of differing Content-Lengths": start + b"Content-Length: 5, 6\r\n\r\nhello!",
        "Content-Length +5": start + b"Content-Length: +5\r\n\r\nhello",
        "Content-Length -5": start + b"Content-Length: -5\r\n\r\nhello",
        "Content-Length 0x5": start + b"Content-Length: 0x5\r\n\r\nhello",
        "Content-Length 5_0": start + b"Content-Length: 5_0\r\n\r\n" + b"x" * 50,
        "Content-Length 5 5": start + b"Content-Length: 5 5\r\n\r\nhello",
        "Content-Length 05": start + b"Content-Length: 05\r\n\r\nhello",
        "Content-Length 5.0": start + b"Content-Length: 5.0\r\n\r\nhello",
        'Content-Length "5"': start + b'Content-Length: "5"\r\n\r\nhello',
        "Content-Length of nothing": start + b"Content-Length:\r\n\r\nhello",
        "Content-Length of a comma": start + b"Content-Length: ,\r\n\r\nhello",
        "Content-Length 5,": start + b"Content-Length: 5,\r\n\r\nhello",
        "Content-Length in other digits": start + "Content-Length: \u0665\r\n\r\nhello".encode(),
        "Content-Length of 30 zeros and 5": start
        + b"Content-Length: "
        + b"0" * 30
        + b"5\r\n\r\nhello",
        "Content-Length of 20 digits": start + b"Content-Length: " + b"9" * 20 + b"\r\n\r\n",
        "Content-Length folded": start + b"Content-Length:\r\n 5\r\n\r\nhello",
        "Transfer-Encoding CHUNKED": start + b"Transfer-Encoding: CHUNKED\r\n\r\n" + BODY,
        "Transfer-Encoding chunked and a tab": start
        + b"Transfer-Encoding: chunked\t\r\n\r\n"
        + BODY,
        "Transfer-Encoding xchunked": start + b"Transfer-Encoding: xchunked\r\n\r\n" + BODY,
        "Transfer-Encoding chunked, identity": start
        + b"Transfer-Encoding: chunked, identity\r\n\r\n"
        + BODY,
        "Transfer-Encoding identity": start + b"Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding identity, chunked": start
        + b"Transfer-Encoding: identity, chunked\r\n\r\n"
        + BODY,
        "Transfer-Encoding gzip, chunked": start
        + b"Transfer-Encoding: gzip, chunked\r\n\r\n"
        + BODY,
        "Transfer-Encoding chunked, chunked": start
        + b"Transfer-Encoding: chunked, chunked\r\n\r\n"
        + BODY,
        "Transfer-Encoding twice": start + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n" + BODY,
        "Transfer-Encoding with a vertical tab": start
        + b"Transfer-Encoding: \x0bchunked\r\n\r\n"
        + BODY,
        "Transfer-Encoding chunked;q=1": start + b"Transfer-Encoding: chunked;q=1\r\n\r\n" + BODY,
        'Transfer-Encoding "chunked"': start + b'Transfer-Encoding: "chunked"\r\n\r\n' + BODY,
        "Transfer-Encoding of nothing": start + b"Transfer-Encoding:\r\n\r\n" + BODY,
        "Transfer-Encoding with a Kelvin sign": start
        + "Transfer-Encoding: chun\u212aed\r\n\r\n".encode()
        + BODY,
        "Transfer-Encoding : chunked": start + b"Transfer-Encoding : chunked\r\n\r\n" + BODY,
        "Transfer_Encoding: chunked": start + b"Transfer_Encoding: chunked\r\n" + body,
        "Connection close": start + b"Connection: close\r\n" + body,
        "Connection Close, x": start + b"Connection: x, Close\r\n" + body,
        "Connection keep-alive, close": start + b"Connection: keep-alive, close\r\n" + body,
    } | {f"chunks: {name}": start + chunked + chunks + none for name, chunks in _CHUNKS.items()}


_CHUNKS = {
    "as they should be": BODY,
    "size in capitals": b"A\r\n0123456789\r\n0\r\n\r\n",
    "zeros before the size": b"0005\r\nhello\r\n000\r\n\r\n",
    "16 digits": b"0000000000000005\r\nhello\r\n0\r\n\r\n",
    "17 digits": b"00000000000000005\r\nhello\r\n0\r\n\r\n",
    "size too large": b"ffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    "+5": b"+5\r\nhello\r\n0\r\n\r\n",
    "-5": b"-5\r\nhello\r\n0\r\n\r\n",
    "0x5": b"0x5\r\nhello\r\n0\r\n\r\n",
    "5_0": b"5_0\r\n" + b"x" * 80 + b"\r\n0\r\n\r\n",
    "no size": b"\r\nhello\r\n0\r\n\r\n",
    "blank before the size": b" 5\r\nhello\r\n0\r\n\r\n",
    "blank after the size": b"5 \r\nhello\r\n0\r\n\r\n",
    "tab after the size": b"5\t\r\nhello\r\n0\r\n\r\n",
    "extension": b"5;a=b\r\nhello\r\n0\r\n\r\n",
    "extension without value": b"5;a\r\nhello\r\n0;b\r\n\r\n",
    "quoted extension": b'5;a="b;c"\r\nhello\r\n0\r\n\r\n',
    "blanks in extension": b"5 ; a = b\r\nhello\r\n0\r\n\r\n",
    "empty extension": b"5;\r\nhello\r\n0\r\n\r\n",
    "odd extension": b"5;a b(c\r\nhello\r\n0\r\n\r\n",
    "NUL in extension": b"5;a\0\r\nhello\r\n0\r\n\r\n",
    "bare CR in extension": b"5;a\rb\r\nhello\r\n0\r\n\r\n",
    "bare LF after the size": b"5\nhello\r\n0\r\n\r\n",
    "bare LF in extension": b"5;a\nhello\r\n0\r\n\r\n",
    "bare LF after data": b"5\r\nhello\n0\r\n\r\n",
    "bare CR after data": b"5\r\nhello\r0\r\n\r\n",
    "nothing after data": b"5\r\nhello0\r\n\r\n",
    "blank after data": b"5\r\nhello \r\n0\r\n\r\n",
    "too much data": b"5\r\nhello!\r\n0\r\n\r\n",
    "trailer": b"5\r\nhello\r\n0\r\nA: b\r\n\r\n",
    "bare LF in trailer": b"5\r\nhello\r\n0\r\nA: b\n\r\n",
    "folded trailer": b"5\r\nhello\r\n0\r\nA: b\r\n c\r\n\r\n",
    "Content-Length as trailer": b"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n",
    "Transfer-Encoding as trailer": b"5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "bare LF ends the body": b"5\r\nhello\r\n0\r\n\n",
}

RESPONSES: dict[str, bytes] = {
    "as it should be": OK + END,
    "no reason": b"HTTP/1.1 200 \r\n" + END,
    "no reason and no space": b"HTTP/1.1 200\r\n" + END,
    "obs-text in the reason": b"HTTP/1.1 200 \xe9\r\n" + END,
    "NUL in the reason": b"HTTP/1.1 200 O\0K\r\n" + END,
    "bare CR in the reason": b"HTTP/1.1 200 O\rK\r\n" + END,
    "tab in the reason": b"HTTP/1.1 200 O\tK\r\n" + END,
    "two spaces before the status": b"HTTP/1.1  200 OK\r\n" + END,
    "tab before the status": b"HTTP/1.1\t200 OK\r\n" + END,
    "tab after the status": b"HTTP/1.1 200\tOK\r\n" + END,
    "status of two digits": b"HTTP/1.1 20 OK\r\n" + END,
    "status of four digits": b"HTTP/1.1 2000 OK\r\n" + END,
    "status 099": b"HTTP/1.1 099 OK\r\n" + END,
    "status 600": b"HTTP/1.1 600 OK\r\n" + END,
    "status 999": b"HTTP/1.1 999 OK\r\n" + END,
    "status +20": b"HTTP/1.1 +20 OK\r\n" + END,
    "status in other digits": "HTTP/1.1 \u0662\u0660\u0660 OK\r\n".encode() + END,
    "version 1.0": b"HTTP/1.0 200 OK\r\n" + END,
    "version 1.2": b"HTTP/1.2 200 OK\r\n" + END,
    "version 2.0": b"HTTP/2.0 200 OK\r\n" + END,
    "version 0.9": b"HTTP/0.9 200 OK\r\n" + END,
    "version 1.10": b"HTTP/1.10 200 OK\r\n" + END,
    "version 01.1": b"HTTP/01.1 200 OK\r\n" + END,
    "version without minor": b"HTTP/1 200 OK\r\n" + END,
    "http in lower case": b"http/1.1 200 OK\r\n" + END,
    "ICY": b"ICY 200 OK\r\n" + END,
    "CRLF before the status line": b"\r\n" + OK + END,
    "space before the status line": b" " + OK + END,
    "bare LF after the status line": b"HTTP/1.1 200 OK\n" + END,
    "100 first": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + END,
    "103 with fields first": b"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n" + OK + END,
    "100 with Content-Length": b"HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n" + OK + END,
    "100 with a bad Content-Length": b"HTTP/1.1 100 Continue\r\nContent-Length: x\r\n\r\n"
    + OK
    + END,
    "100 with Connection close": b"HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n" + OK + END,
    "101 unasked": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "204 with Content-Length": b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
    "204 with chunked": b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
    "304 with Content-Length": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    "chunked in HTTP/1.0": b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY,
    "keep-alive in HTTP/1.0": b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + END,
    **_fields(OK, END, b"Transfer-Encoding: chunked\r\n\r\n"),
}

REQUESTS: dict[str, bytes] = {
    "as it should be": GET + b"\r\n",
    "CRLF before the request line": b"\r\n" + GET + b"\r\n",
    "two CRLF before the request line": b"\r\n\r\n" + GET + b"\r\n",
    "LF before the request line": b"\n" + GET + b"\r\n",
    "space before the request line": b" " + GET + b"\r\n",
    "method in lower case": b"get / HTTP/1.1\r\nHost: a\r\n\r\n",
    "method of our own": b"FROBNICATE / HTTP/1.1\r\nHost: a\r\n\r\n",
    "method with a bracket": b"G[T / HTTP/1.1\r\nHost: a\r\n\r\n",
    "two spaces after the method": b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "tab after the method": b"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "two spaces before the version": b"GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
    "space after the version": b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
    "space in the target": b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "NUL in the target": b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    "DEL in the target": b"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n",
    "obs-text in the target": b"GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n",
    "fragment in the target": b"GET /#a HTTP/1.1\r\nHost: a\r\n\r\n",
    "quote in the target": b'GET /" HTTP/1.1\r\nHost: a\r\n\r\n',
    "empty target": b"GET  HTTP/1.1\r\nHost: a\r\n\r\n",
    "target without slash": b"GET a HTTP/1.1\r\nHost: a\r\n\r\n",
    "absolute target": b"GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n",
    "absolute target of another scheme": b"GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n",
    "target *": b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "target * for GET": b"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT": b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
    "CONNECT without port": b"CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT with a path": b"CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n",
    "authority for GET": b"GET a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "no version": b"GET /\r\nHost: a\r\n\r\n",
    "version 1.0": b"GET / HTTP/1.0\r\n\r\n",
    "version 1.2": b"GET / HTTP/1.2\r\nHost: a\r\n\r\n",
    "version 2.0": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "version 0.9": b"GET / HTTP/0.9\r\nHost: a\r\n\r\n",
    "version in lower case": b"GET / http/1.1\r\nHost: a\r\n\r\n",
    "preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "bare LF after the request line": b"GET / HTTP/1.1\nHost: a\r\n\r\n",
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    "empty Host": b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "Host with a path": b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "Host with userinfo": b"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
    "Host with a space": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "two hosts in Host": b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
    "Host of an IPv6 address": b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    "no framing": POST + b"\r\n",
    "Upgrade": GET + b"Connection: upgrade\r\nUpgrade: x\r\n\r\n",
    "chunked in HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY,
    "keep-alive in HTTP/1.0": b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    **_fields(POST, END, b"Transfer-Encoding: chunked\r\n\r\n"),
}
