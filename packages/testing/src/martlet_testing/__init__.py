"""For tests of what uses martlet: a connector with routes, recordings, a server.

The pytest plugin comes by itself with the distribution: `martlet_session`, `martlet_mock` and
`martlet_server` are its fixtures.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._answer import Answer, Headers, Piece, Stream
    from ._criteria import DataMatcher, Matchers, ParamValue
    from ._fault import Fault
    from ._json_node import RecordingFormatError
    from ._mock_connector import MockConnector
    from ._mock_server import MockServer
    from ._record_connector import RecordConnector
    from ._recorded_exchange import (
        Fields,
        RecordedExchange,
        RecordedRequest,
        RecordedResponse,
    )
    from ._redaction import REDACTED, SECRET_HEADERS
    from ._replay_connector import ReplayConnector
    from ._reply import Handler, Reply
    from ._route import Route
    from ._seen_request import SeenRequest
    from ._unmatched import UnmatchedRequestError
    from ._url_pattern import URLSpec
    from ._web_socket import MockWebSocket
    from ._web_socket_script import Conversation, Step, WSClose, WSDrop, WSReceive, WSSend

__all__ = [
    "REDACTED",
    "SECRET_HEADERS",
    "Answer",
    "Conversation",
    "DataMatcher",
    "Fault",
    "Fields",
    "Handler",
    "Headers",
    "Matchers",
    "MockConnector",
    "MockServer",
    "MockWebSocket",
    "ParamValue",
    "Piece",
    "RecordConnector",
    "RecordedExchange",
    "RecordedRequest",
    "RecordedResponse",
    "RecordingFormatError",
    "ReplayConnector",
    "Reply",
    "Route",
    "SeenRequest",
    "Step",
    "Stream",
    "URLSpec",
    "UnmatchedRequestError",
    "WSClose",
    "WSDrop",
    "WSReceive",
    "WSSend",
]

__version__ = "0.1.0"

_NAMES_OF = {
    "_answer": ("Answer", "Headers", "Piece", "Stream"),
    "_criteria": ("DataMatcher", "Matchers", "ParamValue"),
    "_fault": ("Fault",),
    "_json_node": ("RecordingFormatError",),
    "_mock_connector": ("MockConnector",),
    "_mock_server": ("MockServer",),
    "_record_connector": ("RecordConnector",),
    "_recorded_exchange": ("Fields", "RecordedExchange", "RecordedRequest", "RecordedResponse"),
    "_redaction": ("REDACTED", "SECRET_HEADERS"),
    "_replay_connector": ("ReplayConnector",),
    "_reply": ("Handler", "Reply"),
    "_route": ("Route",),
    "_seen_request": ("SeenRequest",),
    "_unmatched": ("UnmatchedRequestError",),
    "_url_pattern": ("URLSpec",),
    "_web_socket": ("MockWebSocket",),
    "_web_socket_script": ("Conversation", "Step", "WSClose", "WSDrop", "WSReceive", "WSSend"),
}
_HOME_OF = {name: home for home, names in _NAMES_OF.items() for name in names}


def __getattr__(name: str) -> object:
    # Imported when they are first asked for: pytest imports this package for its plugin in every
    # run, and most tests want nothing of it.
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
