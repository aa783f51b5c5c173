import re
from types import ModuleType

import martlet_asgi

ALIASES = {"ASGIApplication", "Message", "Receive", "Scope", "Send"}


def test_a_private_name_of_a_module_is_not_offered() -> None:
    public = {
        name
        for name, value in vars(martlet_asgi).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public == set(martlet_asgi.__all__)


def test_all_is_sorted_and_holds_nothing_twice() -> None:
    assert martlet_asgi.__all__ == sorted(set(martlet_asgi.__all__))


def test_each_name_is_documented_and_says_where_it_comes_from() -> None:
    for name in set(martlet_asgi.__all__) - ALIASES:
        value = getattr(martlet_asgi, name)
        assert value.__doc__, name
        assert value.__module__.startswith("martlet_asgi._"), name


def test_each_public_method_is_documented() -> None:
    for name, value in vars(martlet_asgi.ASGIConnector).items():
        if not name.startswith("_") and callable(value):
            assert value.__doc__, name


def test_the_version_is_a_release() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", martlet_asgi.__version__)
