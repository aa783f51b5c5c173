import logging

from martlet import log

NAMES = {
    "client_logger": "martlet.client",
    "internal_logger": "martlet.internal",
    "ws_logger": "martlet.websocket",
}


def test_each_is_a_logger_of_martlet() -> None:
    assert sorted(log.__all__) == sorted(NAMES)
    for name, called in NAMES.items():
        assert getattr(log, name) is logging.getLogger(called)
