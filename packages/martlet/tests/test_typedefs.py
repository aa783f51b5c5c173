import martlet_client_session
import martlet_cookiejar
from martlet import typedefs


def test_types_are_those_of_the_parts() -> None:
    for name in set(typedefs.__all__) - {"Handler", "LooseCookies"}:
        assert getattr(typedefs, name) is getattr(martlet_client_session, name)
    assert typedefs.LooseCookies is martlet_cookiejar.LooseCookies


def test_a_handler_can_be_annotated() -> None:
    async def handle(request: object) -> object:
        return request

    handler: typedefs.Handler = handle
    assert handler is handle
