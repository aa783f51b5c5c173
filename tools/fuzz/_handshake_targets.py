"""The opening handshake: nothing but `HandshakeError`, and both sides agree on the same."""

from martlet_websocket import (
    ClientHandshake,
    DeflateOffer,
    DeflateParameters,
    HandshakeError,
    accept_handshake,
    parse_extensions,
)

from ._input import Input
from ._target import FindingError, Target

__all__ = ["HANDSHAKES"]

Fields = list[tuple[str, str]]

_PROTOCOLS = ("chat", "superchat")
# It is in no text: UTF-8 has no such byte.
_SEPARATOR = b"\xff"
_MOST_FIELDS = 100
_LONGEST_TEXT = 1_000
_BITS = (None, *range(8, 16))
_OFFERS = (
    None,
    DeflateOffer(),
    DeflateOffer(client_max_window_bits=None),
    DeflateOffer(
        server_no_context_takeover=True,
        client_no_context_takeover=True,
        server_max_window_bits=10,
        client_max_window_bits=12,
    ),
)


def _handshake(offer: DeflateOffer | None = None) -> ClientHandshake:
    """A handshake whose key is the same each time, so that a response to it can be an example."""
    return ClientHandshake(_PROTOCOLS, offer, random=bytes)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _fields(data: bytes) -> Fields:
    """Names and values, one after the other."""
    texts = [_text(part) for part in data.split(_SEPARATOR)[: 2 * _MOST_FIELDS]]
    return list(zip(texts[::2], texts[1::2], strict=False))


def _refused(error: HandshakeError) -> None:
    if max(len(str(error)), len(repr(error))) > _LONGEST_TEXT:
        raise FindingError(f"the text of an error is long: {error!r:.2000}") from error
    if not 400 <= error.status < 500:
        raise FindingError(f"a server would answer with {error.status}") from error


def check_response(data: bytes) -> int:
    """Let a client check a response.

    The first choice is made of what is offered (2 bits) and whether the status is another than
    101; then come the fields.
    """
    source = Input(data)
    low, high, other, *_ = source.flags()
    offer = _OFFERS[low + 2 * high]
    rest = source.rest()
    try:
        agreement = _handshake(offer).check(200 if other else 101, _fields(rest))
    except HandshakeError as error:
        _refused(error)
        return len(rest)
    if other or agreement.protocol not in {None, *_PROTOCOLS}:
        raise FindingError(f"{agreement} was not asked for")
    if agreement.deflate is not None:
        _check_granted(offer, agreement.deflate)
    return len(rest)


def _check_granted(offer: DeflateOffer | None, agreed: DeflateParameters) -> None:
    if (
        offer is None
        or agreed.server_max_window_bits > (offer.server_max_window_bits or 15)
        or agreed.client_max_window_bits > (offer.client_max_window_bits or 15)
        or agreed.server_no_context_takeover < offer.server_no_context_takeover
        or agreed.client_no_context_takeover < offer.client_no_context_takeover
        or (offer.client_max_window_bits is None and agreed.client_max_window_bits < 15)
    ):
        raise FindingError(f"{offer} is answered with {agreed}")


def accept_request(data: bytes) -> int:
    """Let a server look at a request.

    The first choice is made of whether it compresses, and whether the method is another than GET;
    then come the fields.
    """
    source = Input(data)
    compress, other, *_ = source.flags()
    wishes = DeflateParameters(server_max_window_bits=12) if compress else None
    rest = source.rest()
    try:
        accepted = accept_handshake(
            "POST" if other else "GET", _fields(rest), protocols=_PROTOCOLS, deflate=wishes
        )
    except HandshakeError as error:
        _refused(error)
        return len(rest)
    if other or accepted.protocol not in {None, *_PROTOCOLS}:
        raise FindingError(f"{accepted} was not asked for")
    if accepted.deflate is not None and (
        wishes is None or accepted.deflate.server_max_window_bits > 12
    ):
        raise FindingError(f"{wishes} lead to {accepted}")
    for name, value in accepted.fields:
        # Nothing of what a client sends may become another line of the response.
        if not (name + value).isascii() or not (name + value).isprintable():
            raise FindingError(f"a response has {name!r}: {value!r}")
    return len(rest)


def agree(data: bytes) -> int:
    """Let both sides of a handshake do their parts; they have to agree on the same.

    The first choice is made of what each side wants not to be taken over (2 bits each); the others
    are the numbers of bits; what is left is put before the client's offer, as other extensions.
    """
    source = Input(data)
    server, client, server_wish, client_wish, *_ = source.flags()
    offer = DeflateOffer(
        server_no_context_takeover=server,
        client_no_context_takeover=client,
        server_max_window_bits=_BITS[source.byte() % 9],
        client_max_window_bits=_BITS[source.byte() % 9],
    )
    wishes = DeflateParameters(
        server_no_context_takeover=server_wish,
        client_no_context_takeover=client_wish,
        server_max_window_bits=8 + source.byte() % 8,
        client_max_window_bits=8 + source.byte() % 8,
    )
    rest = source.rest()
    handshake = _handshake(offer)
    fields = handshake.fields()
    accepted = accept_handshake("GET", fields, protocols=["superchat"], deflate=wishes)
    agreed = handshake.check(101, accepted.fields)
    if agreed.protocol != accepted.protocol or agreed.deflate != accepted.deflate:
        raise FindingError(f"{offer} and {wishes}: {accepted} and {agreed}")
    if agreed.deflate is not None:
        _check_granted(offer, agreed.deflate)
    _add_extensions(fields, _text(rest), wishes)
    return len(rest)


def _add_extensions(fields: Fields, text: str, wishes: DeflateParameters) -> None:
    """What cannot be understood must not keep a server from what comes after it."""
    try:
        others = parse_extensions(text)
    except HandshakeError as error:
        _refused(error)
        return
    if any(extension.name == "permessage-deflate" for extension in others) or len(others) > 60:
        return
    before = accept_handshake("GET", fields, deflate=wishes)
    after = accept_handshake("GET", [("sec-websocket-extensions", text), *fields], deflate=wishes)
    if before != after:
        raise FindingError(f"with {text!r:.300}: {after}, without: {before}")


def read_extensions(data: bytes) -> int:
    """Read a list of extensions, with a part of it repeated: time has to be linear.

    What is read is written and read again; three choices come first, for what is repeated.
    """
    text = _text(Input(data).swollen_rest())
    try:
        found = parse_extensions(text)
    except HandshakeError as error:
        _refused(error)
        return len(text)
    written = ", ".join(extension.serialize() for extension in found)
    if parse_extensions(written) != found:
        raise FindingError(f"{found!r:.1000} is written as {written!r:.1000}")
    return 2 * len(text)


def _seed(choice: int, *texts: str) -> bytes:
    return bytes([choice]) + _SEPARATOR.join(text.encode() for text in texts)


_DEFLATE = "permessage-deflate"
_EXTENSIONS = (
    _DEFLATE,
    f"{_DEFLATE}; client_max_window_bits",
    f"{_DEFLATE}; server_max_window_bits=10; client_max_window_bits=12",
    f"{_DEFLATE};server_no_context_takeover ; client_no_context_takeover",
    f'{_DEFLATE}; server_max_window_bits="1\\0", {_DEFLATE}; client_max_window_bits=15',
    f"x-webkit-deflate-frame, foo; bar; baz=1,, {_DEFLATE}; server_max_window_bits=7",
    f"{_DEFLATE}; server_max_window_bits=08; a=b; a=c",
    'a; b="\\',
    "a; b=" + '"' + "c" * 40,
    " \t,\t a \t;\t b \t=\t c \t,",
)
_RESPONSE = (
    "Upgrade",
    "WebSocket",
    "Connection",
    "keep-alive, Upgrade",
    "Sec-WebSocket-Accept",
    dict(accept_handshake("GET", _handshake().fields()).fields)["Sec-WebSocket-Accept"],
)
_REQUEST = tuple(part for field in _handshake().fields() for part in field)
_WORDS = (
    *(b"\xff" + name.encode() + b"\xff" for name in (*_RESPONSE[::2], *_REQUEST[::2])),
    *(value.encode() for value in (*_RESPONSE[1::2], *_REQUEST[1::2])),
    b"\xffSec-WebSocket-Extensions\xff",
    b"permessage-deflate",
    b"; server_no_context_takeover",
    b"; client_no_context_takeover",
    b"; server_max_window_bits=10",
    b"; client_max_window_bits=10",
    b"; client_max_window_bits",
    b'="1\\0"',
    b" \t",
    b", ",
    b"=",
    b'"',
    b"\\",
    b"\r\n",
    b"\xc3\xa9",
)

HANDSHAKES = (
    Target(
        "ws-response",
        check_response,
        (
            _seed(1, *_RESPONSE),
            _seed(5, *_RESPONSE),
            _seed(1, *_RESPONSE, "Sec-WebSocket-Protocol", "superchat"),
            _seed(1, *_RESPONSE, "Sec-WebSocket-Protocol", "other"),
            _seed(1, *_RESPONSE[:-1], "x" * 200),
            _seed(1, *_RESPONSE, *_RESPONSE),
            *(
                _seed(choice, *_RESPONSE, "sec-websocket-extensions", extensions)
                for extensions in _EXTENSIONS
                for choice in range(4)
            ),
        ),
        _WORDS,
    ),
    Target(
        "ws-request",
        accept_request,
        (
            _seed(1, *_REQUEST),
            _seed(3, *_REQUEST),
            _seed(0, *_REQUEST[:-2], "Sec-WebSocket-Key", "short"),
            _seed(0, *_REQUEST[:-2], "sec-websocket-protocol", "a, chat", "Origin", "null"),
            _seed(1, *_REQUEST[:4], "Sec-WebSocket-Version", "8, 7"),
            *(
                _seed(1, *_REQUEST, "Sec-WebSocket-Extensions", extensions)
                for extensions in _EXTENSIONS
            ),
        ),
        _WORDS,
    ),
    Target(
        "ws-agreement",
        agree,
        tuple(
            bytes([number, number, 8 - number, number, 7 - number % 8]) + extensions.encode()
            for number, extensions in enumerate(_EXTENSIONS[:9])
        ),
        _WORDS,
    ),
    Target(
        "ws-extensions",
        read_extensions,
        tuple(
            swell + extensions.encode()
            for extensions in _EXTENSIONS
            for swell in (b"\0\0\0", b"\x0f\0\xff", b"\x0f\x0c\x01", b"\x0f\x12\x1a")
        ),
        _WORDS,
    ),
)
