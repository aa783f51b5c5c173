import martlet
import martlet.abc
import martlet_client_session


def test_abstract_classes_are_those_of_the_parts() -> None:
    assert martlet.abc.AbstractCookieJar is martlet.AbstractCookieJar
    assert martlet.abc.AbstractResolver is martlet.AbstractResolver
    assert martlet.abc.AbstractStreamWriter is martlet_client_session.AbstractStreamWriter
