import martlet_client_session
from martlet import streams

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "AsyncStreamIterator": martlet_client_session.AsyncStreamIterator,
    "ChunkTupleAsyncStreamIterator": martlet_client_session.ChunkTupleAsyncStreamIterator,
    "DataQueue": martlet_client_session.DataQueue,
    "EMPTY_PAYLOAD": martlet_client_session.EMPTY_PAYLOAD,
    "EmptyStreamReader": martlet_client_session.EmptyStreamReader,
    "EofStream": martlet_client_session.EofStream,
    "FlowControlDataQueue": martlet_client_session.FlowControlDataQueue,
    "StreamReader": martlet_client_session.StreamReader,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(streams) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(streams, NAMES)
