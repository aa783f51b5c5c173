"""For tests of connectors, and of what uses them; needs no test framework.

`check_connector` is the conformance suite. `FakeConnector` answers in memory.
"""

from ._application import Application, OriginResponse, Then
from ._check_connector import check_connector
from ._conformance_error import ConformanceError
from ._fake_connector import FakeConnector
from ._fake_exchange import FakeExchange, RecordedRequest
from ._origin import conformance_origin
from ._origin_server import serve_origin
from ._probe import ConnectorUnderTest

__all__ = [
    "Application",
    "ConformanceError",
    "ConnectorUnderTest",
    "FakeConnector",
    "FakeExchange",
    "OriginResponse",
    "RecordedRequest",
    "Then",
    "check_connector",
    "conformance_origin",
    "serve_origin",
]
