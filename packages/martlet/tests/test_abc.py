import martlet
import martlet.abc
import martlet_client_session
import martlet_connector_pool


def test_abstract_classes_are_those_of_the_parts() -> None:
    assert martlet.abc.AbstractCookieJar is martlet.AbstractCookieJar
    assert martlet.abc.AbstractResolver is martlet.AbstractResolver
    assert martlet.abc.AbstractStreamWriter is martlet_client_session.AbstractStreamWriter


def test_result_of_a_resolver_is_that_of_the_pool() -> None:
    assert martlet.abc.ResolveResult is martlet_connector_pool.ResolveResult
    assert list(martlet.abc.ResolveResult.__annotations__) == [
        "hostname",
        "host",
        "port",
        "family",
        "proto",
        "flags",
    ]


def test_each_name_is_exported() -> None:
    public = {name for name in vars(martlet.abc) if not name.startswith("_")}
    assert public == set(martlet.abc.__all__)
