import pytest
from yarl import URL

from martlet_cookiejar._absolute_url import absolute


@pytest.mark.parametrize("url", ["", "https://example.org/a?b#c", "//example.org", "x://[::1]:8"])
def test_a_url_with_a_host_or_none_is_read(url: str) -> None:
    assert absolute(url) == URL(url)


@pytest.mark.parametrize("url", ["example.org", "example.org/a", "/", "?a", "mailto:a@b", "data:,"])
def test_a_url_without_a_host_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not an absolute URL") as raised:
        absolute(url)
    assert repr(url) in str(raised.value)


def test_the_message_is_short() -> None:
    with pytest.raises(ValueError, match="not an absolute URL") as raised:
        absolute("a" * 10**5)
    assert len(str(raised.value)) < 400
