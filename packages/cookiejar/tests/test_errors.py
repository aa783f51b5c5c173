import pytest

from martlet_cookiejar import CookieLoadError


def test_it_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="the file is empty"):
        raise CookieLoadError("the file is empty")


def test_it_is_no_os_error() -> None:
    # Whoever handles a missing file must not take a damaged one for it.
    assert not issubclass(CookieLoadError, OSError)
