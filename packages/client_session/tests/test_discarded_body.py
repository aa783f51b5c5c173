from martlet_client_session._discarded_body import DiscardedBody
from martlet_interfaces import BodySink


def test_it_takes_everything() -> None:
    sink: BodySink = DiscardedBody()
    sink.feed(b"x")
    sink.eof()
    sink.fail(OSError())
