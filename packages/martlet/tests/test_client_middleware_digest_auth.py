import martlet_client_session
from martlet import client_middleware_digest_auth

NAMES: dict[str, object] = {
    "DigestAuthMiddleware": martlet_client_session.DigestAuthMiddleware,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert {
        name: getattr(client_middleware_digest_auth, name)
        for name in client_middleware_digest_auth.__all__
    } == NAMES


def test_there_are_no_others() -> None:
    assert sorted(client_middleware_digest_auth.__all__) == sorted(NAMES)
    public = {name for name in vars(client_middleware_digest_auth) if not name.startswith("_")}
    assert public <= set(NAMES)
