import martlet_client_session
from martlet import helpers
from martlet._headers_mixin import HeadersMixin
from martlet._strip_auth import strip_auth_from_url
from martlet._timer_noop import TimerNoop

NAMES: dict[str, object] = {
    "BasicAuth": martlet_client_session.BasicAuth,
    "ETag": martlet_client_session.ETag,
    "HeadersMixin": HeadersMixin,
    "TimerNoop": TimerNoop,
    "strip_auth_from_url": strip_auth_from_url,
}


def test_each_name_is_what_it_is_elsewhere() -> None:
    assert {name: getattr(helpers, name) for name in helpers.__all__} == NAMES
