import martlet_connector_pool
from martlet import resolver

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "AsyncResolver": martlet_connector_pool.AsyncResolver,
    "DefaultResolver": martlet_connector_pool.DefaultResolver,
    "ResolveResult": martlet_connector_pool.ResolveResult,
    "ThreadedResolver": martlet_connector_pool.ThreadedResolver,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(resolver) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(resolver, NAMES)
