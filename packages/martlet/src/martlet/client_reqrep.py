"""Requests and responses, where code that was written for aiohttp looks for them."""

from types import MappingProxyType

from martlet_client_session import ClientRequest, ClientResponse, ContentDisposition
from martlet_interfaces import ConnectionKey, Fingerprint, RequestInfo

__all__ = [
    "ClientRequest",
    "ClientResponse",
    "ConnectionKey",
    "ContentDisposition",
    "Fingerprint",
    "MappingProxyType",
    "RequestInfo",
]
