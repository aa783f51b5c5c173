"""Domains that belong to many, such as com and co.uk: nobody may set cookies for all of them.

RFC 6265bis section 5.7 has such cookies refused, and leaves open where the list comes from.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from ._host import is_ip_address

PublicSuffixes: TypeAlias = Callable[[str], bool]
"""Tells of a domain (lower case, A-labels, no dot at either end) whether it is a public suffix."""


def single_label_suffixes(domain: str, /) -> bool:
    """Take each domain without a dot for a public suffix: com and localhost, but not co.uk.

    That is what can be known without a list. IP addresses are no suffixes.
    """
    return "." not in domain and not is_ip_address(domain)


def default_public_suffixes() -> PublicSuffixes:
    """Give publicsuffix.org's rules if publicsuffixlist is installed, else `single_label_suffixes`.

    The private section of the list counts too (github.io), and so does each top-level domain that
    is not in it. The library is imported and the list read when a domain is asked about for the
    first time in the process; after that it stays.
    """
    return _is_suffix


def _is_suffix(domain: str, /) -> bool:
    return _rules()(domain)


@cache
def _rules() -> PublicSuffixes:
    # An extra, and 40 ms of work: only who meets a Domain attribute pays for it.
    try:
        from publicsuffixlist import PublicSuffixList
    except ImportError:
        return single_label_suffixes
    listed = PublicSuffixList().is_public
    # To the list ::1 is a top-level domain that it does not have.
    return lambda domain: listed(domain) and not is_ip_address(domain)
