"""Which names belong to which part of the client."""

from fnmatch import fnmatchcase
from typing import Final

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "bodies": (
        "*Payload",
        "FormData",
        "MultipartWriter",
        "payload_type",
        "get_payload",
        "streamer",
        "PAYLOAD_REGISTRY",
        "UploadTracker",
        "UploadAbortedError",
        "abc.AbstractStreamWriter",
    ),
    "responses": (
        "ClientResponse",
        "ContentDisposition",
        "RequestInfo",
        "ClientResponseError",
        "ClientHttpProxyError",
        "ClientPayloadError",
        "ContentTypeError",
        "TooManyRedirects",
        "WSServerHandshakeError",
        "BadContentDisposition*",
        "parse_content_disposition",
        "content_disposition_filename",
    ),
    "streams": (
        "StreamReader",
        "DataQueue",
        "FlowControlDataQueue",
        "EofStream",
        "EMPTY_PAYLOAD",
    ),
    "multipart": ("MultipartReader", "BodyPartReader", "MultipartResponseWrapper"),
    "all": ("*",),
}


def belongs(name: str, part: str) -> bool:
    """Whether a name belongs to a part."""
    return any(fnmatchcase(name, pattern) for pattern in PARTS[part])
