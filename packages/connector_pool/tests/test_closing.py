from martlet_connector_pool import TCPConnector
from martlet_connector_pool._closing import Closing


async def test_there_is_nothing_to_wait_for_where_nothing_was_opened() -> None:
    await Closing(None)
    closing = TCPConnector().close()
    assert isinstance(closing, Closing)
    await closing
    await closing


async def test_it_may_be_ignored() -> None:
    connector = TCPConnector()
    connector.close()
    assert connector.closed
