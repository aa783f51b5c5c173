"""The domains whose cookies a host gets."""

from functools import lru_cache

from ._host import canonical_host, is_ip_address

# Longer ones are no names in the DNS (RFC 1035), and would have a very large number of parents.
_LONGEST = 253


@lru_cache(maxsize=1024)
def domains_of(host: str, /) -> tuple[str, ...]:
    """A URL's host in canonical form, and all domains above it, the nearest first.

    The last is the empty string: the domain of shared cookies, which go to every host. An IP
    address has nothing else above it.
    """
    host = canonical_host(host)
    if not host:
        return ("",)
    if len(host) > _LONGEST or is_ip_address(host):
        return (host, "")
    labels = host.split(".")
    return (*(".".join(labels[start:]) for start in range(len(labels))), "")
