from martlet_websocket import MAX_MSG_SIZE


def test_a_message_may_have_what_it_may_have_with_aiohttp() -> None:
    assert MAX_MSG_SIZE == 4 * 1024 * 1024
