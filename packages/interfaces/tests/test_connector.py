"""The Protocols of connectors: what they are is frozen, a change has to be meant."""

import inspect

from martlet_interfaces import Connector, Duplex, Exchange
from martlet_interfaces.testing import FakeConnector


def members(protocol: type) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


def test_the_border_is_as_narrow_as_it_was() -> None:
    assert members(Connector) == {"close", "schemes", "send"}
    assert members(Exchange) == {"abort", "info", "release", "upgrade"}
    assert members(Duplex) == {"close", "drain", "pause", "resume", "set_reader", "write"}


def test_send_grows_by_keywords_with_defaults_only() -> None:
    parameters = inspect.signature(Connector.send).parameters
    positional = [name for name, one in parameters.items() if one.kind is one.POSITIONAL_OR_KEYWORD]
    assert positional == ["self", "request", "body", "receiver"]
    required = {name for name, one in parameters.items() if one.default is one.empty}
    assert required == {"self", "request", "body", "receiver", "timeouts"}


def test_closing_is_an_ordinary_call() -> None:
    assert not inspect.iscoroutinefunction(Connector.close)


def test_a_class_that_knows_nothing_of_the_protocol_satisfies_it() -> None:
    connector: Connector = FakeConnector()
    assert Connector not in type(connector).__mro__
