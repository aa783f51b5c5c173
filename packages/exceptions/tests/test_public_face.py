"""The public face: what is exported, and what older code catches."""

import asyncio
import importlib
import ssl
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
