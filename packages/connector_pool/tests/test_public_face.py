from types import ModuleType

import martlet_connector_pool


def test_all_is_sorted_and_without_repetition() -> None:
    names = martlet_connector_pool.__all__

    assert names == sorted(set(names))


def test_every_name_in_all_can_be_imported() -> None:
    for name in martlet_connector_pool.__all__:
        assert getattr(martlet_connector_pool, name).__name__ == name


def test_nothing_public_is_missing_from_all() -> None:
    public = {
        name
        for name, value in vars(martlet_connector_pool).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }

    assert public == set(martlet_connector_pool.__all__)


def test_the_names_are_the_promised_ones() -> None:
    assert martlet_connector_pool.__all__ == [
        "AbstractResolver",
        "BaseConnector",
        "ResolveResult",
        "TCPConnector",
        "ThreadedResolver",
    ]
