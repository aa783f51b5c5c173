"""The public face: what is exported, and what older code catches."""

import asyncio
import importlib
import pickle
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import martlet_exceptions as errors
from martlet_exceptions import *  # noqa: F403 - the export list is what is tested

# What code written for either generation of the API can name in an `except` clause.
CAUGHT_BY: Final[dict[str, str]] = {
    "ClientConnectionError": "ClientError Exception",
    "ClientConnectionResetError": (
        "ClientConnectionError ClientError ConnectionResetError ConnectionError OSError Exception"
    ),
    "ClientConnectorCertificateError": (
        "ClientSSLError ClientConnectorError ClientOSError ClientConnectionError ClientError"
        " SSLCertVerificationError CertificateError SSLError OSError ValueError Exception"
    ),
    "ClientConnectorDNSError": (
        "ClientConnectorError ClientOSError ClientConnectionError ClientError OSError Exception"
    ),
    "ClientConnectorError": "ClientOSError ClientConnectionError ClientError OSError Exception",
    "ClientConnectorSSLError": (
        "ClientSSLError ClientConnectorError ClientOSError ClientConnectionError ClientError"
        " SSLError OSError Exception"
    ),
    "ClientError": "Exception",
    "ClientHttpProxyError": "ClientResponseError ClientError Exception",
    "ClientOSError": "ClientConnectionError ClientError OSError Exception",
    "ClientPayloadError": "ClientError Exception",
    "ClientProxyConnectionError": (
        "ClientConnectorError ClientOSError ClientConnectionError ClientError OSError Exception"
    ),
    "ClientResponseError": "ClientError Exception",
    "ClientSSLError": (
        "ClientConnectorError ClientOSError ClientConnectionError ClientError OSError Exception"
    ),
    "ConnectionTimeoutError": (
        "ServerTimeoutError ServerConnectionError ClientConnectionError ClientError"
        " TimeoutError OSError Exception"
    ),
    "ContentTypeError": "ClientResponseError ClientError Exception",
    "InvalidURL": "ClientError ValueError Exception",
    "InvalidUrlClientError": "InvalidURL ClientError ValueError Exception",
    "InvalidUrlRedirectClientError": (
        "InvalidUrlClientError InvalidURL RedirectClientError ClientError ValueError Exception"
    ),
    "NonHttpUrlClientError": "ClientError Exception",
    "NonHttpUrlRedirectClientError": (
        "NonHttpUrlClientError RedirectClientError ClientError InvalidURL ValueError Exception"
    ),
    "RedirectClientError": "ClientError Exception",
    "ServerConnectionError": "ClientConnectionError ClientError Exception",
    "ServerDisconnectedError": (
        "ServerConnectionError ClientConnectionError ClientError Exception"
    ),
    "ServerFingerprintMismatch": (
        "ServerConnectionError ClientConnectionError ClientError Exception"
    ),
    "ServerTimeoutError": (
        "ServerConnectionError ClientConnectionError ClientError TimeoutError OSError Exception"
    ),
    "SocketTimeoutError": (
        "ServerTimeoutError ServerConnectionError ClientConnectionError ClientError"
        " TimeoutError OSError Exception"
    ),
    "TooManyRedirects": "ClientResponseError ClientError Exception",
    "TotalTimeoutError": (
        "ServerTimeoutError ServerConnectionError ClientConnectionError ClientError"
        " TimeoutError OSError Exception"
    ),
    "UnixClientConnectorError": (
        "ClientConnectorError ClientOSError ClientConnectionError ClientError OSError Exception"
    ),
    "UploadAbortedError": "ClientError Exception",
    "WSServerHandshakeError": "ClientResponseError ClientError Exception",
    # What parsers raise: one family with the rest.
    "BadHttpMessage": "ClientResponseError HttpProcessingError ClientError Exception",
    "BadStatusLine": (
        "BadHttpMessage ClientResponseError HttpProcessingError ClientError Exception"
    ),
    "ContentEncodingError": (
        "PayloadEncodingError ClientPayloadError HttpProcessingError ClientError Exception"
    ),
    "ContentLengthError": (
        "PayloadEncodingError ClientPayloadError HttpProcessingError ClientError Exception"
    ),
    "HttpProcessingError": "ClientError Exception",
    "InvalidHeader": (
        "BadHttpMessage ClientResponseError HttpProcessingError ClientError Exception"
    ),
    "LineTooLong": ("BadHttpMessage ClientResponseError HttpProcessingError ClientError Exception"),
    "PayloadEncodingError": "ClientPayloadError HttpProcessingError ClientError Exception",
    "TransferEncodingError": (
        "PayloadEncodingError ClientPayloadError HttpProcessingError ClientError Exception"
    ),
}
BUILT_IN: Final[dict[str, type[Exception]]] = {
    kind.__name__: kind
    for kind in (
        ConnectionError,
        ConnectionResetError,
        Exception,
        OSError,
        ssl.SSLCertVerificationError,
        ssl.SSLError,
        TimeoutError,
        ValueError,
    )
} | {"CertificateError": ssl.CertificateError}


@pytest.mark.parametrize("name", CAUGHT_BY)
def test_older_code_catches_it(name: str) -> None:
    raised = getattr(errors, name)
    for base in CAUGHT_BY[name].split():
        caught = BUILT_IN.get(base) or getattr(errors, base)
        with pytest.raises(caught):
            raise raised.__new__(raised)


def test_the_table_has_every_class() -> None:
    classes = {name for name in errors.__all__ if name in CAUGHT_BY}
    others = set(errors.__all__) - classes
    assert classes == set(CAUGHT_BY)
    assert others == {"HistoryEntry", "HistoryRecord", "NO_REQUEST"}


@pytest.mark.parametrize(
    "kind",
    [
        errors.ServerTimeoutError,
        errors.ConnectionTimeoutError,
        errors.SocketTimeoutError,
        errors.TotalTimeoutError,
    ],
)
def test_every_timeout_is_one_for_asyncio(kind: type[errors.ServerTimeoutError]) -> None:
    assert issubclass(kind, asyncio.TimeoutError)


def test_each_name_is_exported_once_by_its_module() -> None:
    source = Path(errors.__file__).parent
    inner = {"_portable", "_safe_text"}
    names = [
        name
        for path in source.glob("_*.py")
        if path.stem not in {"__init__", *inner}
        for name in importlib.import_module(f"martlet_exceptions.{path.stem}").__all__
    ]
    assert sorted(names) == sorted(errors.__all__)
    assert set(names) <= globals().keys()


# What needs `ssl` is not loaded with the rest.
LATE: Final = (
    "ClientConnectionResetError",
    "ClientConnectorCertificateError",
    "ClientConnectorDNSError",
    "ClientConnectorError",
    "ClientConnectorSSLError",
    "ClientOSError",
    "ClientProxyConnectionError",
    "ClientSSLError",
    "UnixClientConnectorError",
)


def run(program: str) -> str:
    """Run *program* in an interpreter of its own, where nothing has been imported yet."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_import_brings_neither_ssl_nor_asyncio() -> None:
    loaded = set(run("import sys, martlet_exceptions; print(*sys.modules)").split())
    assert "martlet_exceptions" in loaded
    assert not {"asyncio", "socket", "ssl", "martlet_exceptions._connection"} & loaded


def test_the_names_that_are_loaded_late_are_those_of_one_module() -> None:
    from martlet_exceptions import _connection

    assert sorted(_connection.__all__) == list(LATE)


@pytest.mark.parametrize("name", LATE)
def test_a_name_that_is_loaded_late_can_be_imported_as_any(name: str) -> None:
    program = (
        f"import sys; from martlet_exceptions import {name} as late, ClientConnectionError\n"
        f"import martlet_exceptions\n"
        f"assert issubclass(late, ClientConnectionError)\n"
        f"assert vars(martlet_exceptions)[{name!r}] is late is martlet_exceptions.{name}\n"
        f"print(late.__module__, late.__qualname__, 'ssl' in sys.modules)"
    )
    assert run(program) == f"martlet_exceptions._connection {name} True\n"


def test_star_import_brings_every_name() -> None:
    program = "from martlet_exceptions import *; print(*sorted(globals()))"
    assert set(errors.__all__) <= set(run(program).split())


def test_dir_shows_every_name_before_it_is_loaded() -> None:
    shown = run("import martlet_exceptions; print(*dir(martlet_exceptions))").split()
    assert {*errors.__all__, "__version__"} <= set(shown)
    assert shown == sorted(shown)
    assert set(errors.__all__) <= set(dir(errors))


def test_an_unknown_name_is_an_attribute_error_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match=r"^module 'martlet_exceptions' has no attribute 'No'"):
        _ = errors.No
    with pytest.raises(ImportError, match="cannot import name 'No'"):
        exec("from martlet_exceptions import No", {})


def test_an_error_that_is_loaded_late_is_unpickled_where_it_was_not_loaded() -> None:
    data = pickle.dumps(errors.ClientOSError(32, "Broken pipe"))
    program = (
        f"import pickle, martlet_exceptions; error = pickle.loads({data!r})\n"
        "assert isinstance(error, martlet_exceptions.ClientOSError)\n"
        "print(type(error).__name__, error.errno, error.strerror)"
    )
    assert run(program) == "ClientOSError 32 Broken pipe\n"


def test_an_error_is_pickled_without_ssl() -> None:
    program = (
        "import copy, pickle, sys\n"
        "from martlet_exceptions import BadHttpMessage, ServerDisconnectedError\n"
        "for error in (BadHttpMessage('bad', offset=7), ServerDisconnectedError('gone')):\n"
        "    for twin in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):\n"
        "        assert str(twin) == str(error)\n"
        "print('ssl' in sys.modules)"
    )
    assert run(program) == "False\n"
