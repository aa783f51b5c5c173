"""What a session uses when it is given nothing: the one module that knows the pool."""

from martlet_connector_pool import TCPConnector
from martlet_interfaces import Connector

__all__ = ["default_connector"]


def default_connector() -> Connector:
    """Make the connector of a session that was given none."""
    return TCPConnector()
