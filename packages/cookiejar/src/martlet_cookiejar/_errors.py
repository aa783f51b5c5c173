"""What can go wrong with a jar's file."""


class CookieLoadError(ValueError):
    """The file holds no cookies that can be trusted.

    It is truncated, damaged, too large, of a newer version, or something else altogether; the
    message says which. The jar is as it was. A file that cannot be opened or read is an `OSError`.
    """
