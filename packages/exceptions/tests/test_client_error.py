"""Properties of every class of the tree: drawing, documentation, copies and safe texts."""

import copy
import errno
import inspect
import pickle
import re
import ssl
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NamedTuple

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

import martlet_exceptions as errors
from martlet_exceptions import _client_error
from martlet_interfaces import ConnectionKey, Fingerprint, RequestInfo

CANARY: Final = "c4n4ry"
HEADERS: Final = CIMultiDictProxy(CIMultiDict({"Authorization": CANARY, "X": "1"}))
SECRET_URL: Final = URL(f"http://user:{CANARY}@example.org:8080/path?q=1")
REQUEST: Final = RequestInfo(SECRET_URL, "GET", HEADERS)
HISTORY: Final = (errors.HistoryRecord(302, SECRET_URL, "GET", HEADERS),)
KEY: Final = ConnectionKey(
    "example.org",
    443,
    True,
    ssl=Fingerprint(bytes(32)),
    proxy=SECRET_URL,
    proxy_headers=(("Proxy-Authorization", CANARY),),
)
REFUSED: Final = ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


def tls_error(kind: type[ssl.SSLError]) -> ssl.SSLError:
    error = kind(1, "[SSL] something is wrong")
    error.library, error.reason = "SSL", "WRONG"
    return error


def response_error(kind: type[errors.ClientResponseError]) -> errors.ClientResponseError:
    error = kind(REQUEST, HISTORY, status=404, message="Not Found", headers=HEADERS)
    error.body = b"nothing here"
    return error


def bad_message(kind: type[errors.BadHttpMessage]) -> errors.BadHttpMessage:
    error = kind("no token", offset=17, excerpt=f"Set-Cookie: id={CANARY}\r\nFo o:".encode())
    error.request_info = REQUEST
    error.headers = CIMultiDict(HEADERS)
    return error


def timeout(kind: type[errors.ServerTimeoutError]) -> errors.ServerTimeoutError:
    return kind(phase="sock_read", limit=5.0, elapsed=5.02, url=SECRET_URL)


SAMPLES: Final[Mapping[type[errors.ClientError], Callable[[], errors.ClientError]]] = {
    **{
        kind: partial(kind, "plain", 1)
        for kind in (
            errors.ClientConnectionError,
            errors.ClientError,
            errors.ClientPayloadError,
            errors.RedirectClientError,
            errors.ServerConnectionError,
            errors.UploadAbortedError,
        )
    },
    **{
        kind: partial(kind, errno.EPIPE, "Broken pipe", "one", None, "other")
        for kind in (errors.ClientOSError, errors.ClientConnectionResetError)
    },
    **{
        kind: partial(kind, KEY, REFUSED)
        for kind in (
            errors.ClientConnectorDNSError,
            errors.ClientConnectorError,
            errors.ClientProxyConnectionError,
            errors.ClientSSLError,
        )
    },
    errors.UnixClientConnectorError: partial(
        errors.UnixClientConnectorError, "/run/socket", KEY, REFUSED
    ),
    errors.ClientConnectorSSLError: partial(
        errors.ClientConnectorSSLError, KEY, tls_error(ssl.SSLError)
    ),
    errors.ClientConnectorCertificateError: partial(
        errors.ClientConnectorCertificateError, KEY, tls_error(ssl.SSLCertVerificationError)
    ),
    **{
        kind: partial(timeout, kind)
        for kind in (
            errors.ServerTimeoutError,
            errors.ConnectionTimeoutError,
            errors.SocketTimeoutError,
            errors.TotalTimeoutError,
        )
    },
    errors.ServerDisconnectedError: partial(errors.ServerDisconnectedError, "gone"),
    errors.ServerFingerprintMismatch: partial(
        errors.ServerFingerprintMismatch, b"\x01", b"\x02", "example.org", 443
    ),
    **{
        kind: partial(response_error, kind)
        for kind in (
            errors.ClientHttpProxyError,
            errors.ClientResponseError,
            errors.ContentTypeError,
            errors.TooManyRedirects,
            errors.WSServerHandshakeError,
        )
    },
    errors.HttpProcessingError: partial(
        errors.HttpProcessingError, code=400, message="bad", headers=HEADERS
    ),
    **{
        kind: partial(bad_message, kind)
        for kind in (
            errors.BadHttpMessage,
            errors.BadStatusLine,
            errors.InvalidHeader,
            errors.LineTooLong,
        )
    },
    **{
        kind: partial(kind, "bad chunk", offset=3, excerpt=b"zz\r\n")
        for kind in (
            errors.ContentEncodingError,
            errors.ContentLengthError,
            errors.PayloadEncodingError,
            errors.TransferEncodingError,
        )
    },
    **{
        kind: partial(kind, SECRET_URL, "no good")
        for kind in (
            errors.InvalidURL,
            errors.InvalidUrlClientError,
            errors.InvalidUrlRedirectClientError,
            errors.NonHttpUrlClientError,
            errors.NonHttpUrlRedirectClientError,
        )
    },
}
CLASSES: Final = [
    value
    for name in errors.__all__
    if inspect.isclass(value := getattr(errors, name)) and issubclass(value, errors.ClientError)
]

every_class = pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)


class Twin(NamedTuple):
    """What must survive a copy. Exceptions have no equality, so their contents are compared."""

    kind: type
    args: tuple[object, ...]
    attributes: dict[str, object]
    text: str
    shown: str


def twin(error: BaseException) -> Twin:
    fields = [name for name in dir(error) if not name.startswith("__") and name != "args"]
    attributes = {name: getattr(error, name, "unset") for name in fields}
    return Twin(
        type(error),
        tuple(map(comparable, error.args)),
        {name: comparable(value) for name, value in attributes.items() if not callable(value)},
        str(error),
        repr(error),
    )


def comparable(value: object) -> object:
    return twin(value) if isinstance(value, BaseException) else value


def test_there_is_a_sample_of_every_class() -> None:
    assert set(SAMPLES) == set(CLASSES)


@every_class
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_error_pickles(kind: type[errors.ClientError], protocol: int) -> None:
    error = SAMPLES[kind]()
    error.add_note("a note")
    loaded = pickle.loads(pickle.dumps(error, protocol))
    assert twin(loaded) == twin(error)
    assert loaded.__dict__.keys() == error.__dict__.keys()
    assert loaded.__notes__ == ["a note"]


@every_class
def test_every_error_can_be_copied(kind: type[errors.ClientError]) -> None:
    error = SAMPLES[kind]()
    copied = copy.copy(error)
    assert copied is not error
    assert twin(copied) == twin(error)
    assert copied.__dict__ is not error.__dict__
    assert copied.__dict__.keys() == error.__dict__.keys()
    for name, value in error.__dict__.items():
        assert getattr(copied, name) is value


@every_class
def test_every_error_can_be_deep_copied(kind: type[errors.ClientError]) -> None:
    error = SAMPLES[kind]()
    error.__dict__["own"] = {"nested": [error]}
    copied = copy.deepcopy(error)
    assert copied.__dict__["own"]["nested"][0] is copied
    del error.__dict__["own"], copied.__dict__["own"]
    assert twin(copied) == twin(error)


@every_class
def test_errors_with_no_value_keep_that_in_copies(kind: type[errors.ClientError]) -> None:
    blank = kind.__new__(kind)
    copied = copy.copy(blank)
    assert copied.args == blank.args
    assert vars(copied) == {}


def test_an_unset_file_name_stays_unset() -> None:
    error = errors.ClientOSError(errno.EPIPE, "Broken pipe")
    for twin_of_it in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert str(twin_of_it) == f"[Errno {errno.EPIPE}] Broken pipe"


def test_subclasses_with_constructors_of_their_own_pickle() -> None:
    error = Own(reason="mine", status=503)
    loaded = pickle.loads(pickle.dumps(error))
    assert type(loaded) is Own
    assert (loaded.reason, loaded.status) == ("mine", 503)


class Own(errors.ClientResponseError):
    def __init__(self, *, reason: str, status: int) -> None:
        super().__init__(errors.NO_REQUEST, (), status=status)
        self.reason = reason


@every_class
def test_no_text_shows_a_secret(kind: type[errors.ClientError]) -> None:
    error = SAMPLES[kind]()
    text = "".join([str(error), repr(error), *traceback.format_exception(error)])
    assert CANARY not in text
    assert "user:" not in text
    assert str(error).isprintable()


@every_class
def test_every_class_is_documented(kind: type[errors.ClientError]) -> None:
    assert "__doc__" in vars(kind)
    assert inspect.cleandoc(vars(kind)["__doc__"])
    for name, value in vars(kind).items():
        if isinstance(value, property):
            assert value.__doc__, name


def drawn() -> dict[str, tuple[str, ...]]:
    """Read the drawing: each class and the names of its bases."""
    line = re.compile(r"^((?:│   |    )*(?:[├└]── )?)(\w+)(?: \(([\w, ]+)\))?$")
    bases: dict[str, tuple[str, ...]] = {}
    path: list[str] = []
    start = _client_error.__doc__ or ""
    for text in start[start.index("ClientError (") :].split("\n\n")[0].splitlines():
        match = line.match(text)
        assert match, text
        indent, name, others = match.groups()
        path[len(indent) // 4 :] = [name]
        bases[name] = (*path[-2:-1], *(others.split(", ") if others else ()))
    return bases


def test_the_drawing_is_the_tree() -> None:
    real = {kind.__name__: tuple(base.__name__ for base in kind.__bases__) for kind in CLASSES}
    assert drawn() == real
