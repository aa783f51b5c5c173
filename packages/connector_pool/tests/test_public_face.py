from types import ModuleType

import pytest

import martlet_connector_pool


def test_all_is_sorted_and_without_repetition() -> None:
    names = martlet_connector_pool.__all__

    assert names == sorted(set(names))


def test_every_name_in_all_can_be_imported() -> None:
    for name in martlet_connector_pool.__all__:
        value = getattr(martlet_connector_pool, name)
        if name not in ("AddrInfoType", "DefaultResolver", "SocketFactoryType"):  # aliases
            assert value.__name__ == name


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        martlet_connector_pool.nothing  # noqa: B018
    assert set(martlet_connector_pool.__all__) <= set(dir(martlet_connector_pool))


def test_nothing_public_is_missing_from_all() -> None:
    public = {
        name
        for name, value in vars(martlet_connector_pool).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        and name != "TYPE_CHECKING"
    }

    assert public == set(martlet_connector_pool.__all__)


def test_the_names_are_the_promised_ones() -> None:
    assert martlet_connector_pool.__all__ == [
        "AbstractResolver",
        "AddrInfoType",
        "AsyncResolver",
        "BaseConnector",
        "Connection",
        "DefaultResolver",
        "NamedPipeConnector",
        "ProxyBypass",
        "ResolveResult",
        "SocketFactoryType",
        "TCPConnector",
        "ThreadedResolver",
        "UnixConnector",
    ]
