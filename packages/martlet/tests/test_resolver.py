import martlet_connector_pool
from martlet import resolver

NAMES: dict[str, object] = {
    "AsyncResolver": martlet_connector_pool.AsyncResolver,
    "DefaultResolver": martlet_connector_pool.DefaultResolver,
    "ResolveResult": martlet_connector_pool.ResolveResult,
    "ThreadedResolver": martlet_connector_pool.ThreadedResolver,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert {name: getattr(resolver, name) for name in resolver.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(resolver.__all__) == sorted(NAMES)
    public = {name for name in vars(resolver) if not name.startswith("_")}
    assert public <= set(NAMES)
