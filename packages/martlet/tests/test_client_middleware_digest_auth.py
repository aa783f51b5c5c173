import martlet_client_session
from martlet import client_middleware_digest_auth

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "DigestAuthMiddleware": martlet_client_session.DigestAuthMiddleware,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(client_middleware_digest_auth) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(client_middleware_digest_auth, NAMES)
