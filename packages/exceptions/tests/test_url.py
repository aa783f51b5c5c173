import pytest
from yarl import URL

from martlet_exceptions import InvalidURL, NonHttpUrlRedirectClientError


def test_url_alone() -> None:
    error = InvalidURL("http://")
    assert (error.url, error.description) == ("http://", None)
    assert error.args == ("http://",)
    assert str(error) == "http://"
    assert repr(error) == "InvalidURL('http://')"


def test_url_with_description() -> None:
    url = URL("ftp://u:p@example.org/")
    error = NonHttpUrlRedirectClientError(url, "not http\n")
    assert error.url is url
    assert error.description == "not http\n"
    assert error.args == (url, "not http\n")
    assert str(error) == r"ftp://example.org/ - not http\n"


def test_it_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"^http://$"):
        raise InvalidURL("http://")
