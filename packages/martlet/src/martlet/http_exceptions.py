"""The errors of reading HTTP, where code that was written for aiohttp looks for them."""

from martlet_exceptions import (
    BadHttpMessage,
    BadStatusLine,
    ContentEncodingError,
    ContentLengthError,
    HttpProcessingError,
    InvalidHeader,
    LineTooLong,
    PayloadEncodingError,
    TransferEncodingError,
)

__all__ = [
    "BadHttpMessage",
    "BadStatusLine",
    "ContentEncodingError",
    "ContentLengthError",
    "HttpProcessingError",
    "InvalidHeader",
    "LineTooLong",
    "PayloadEncodingError",
    "TransferEncodingError",
]
