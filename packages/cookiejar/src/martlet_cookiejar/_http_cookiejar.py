"""Cookies to and from `http.cookiejar`, the jar of the standard library and the base of others.

It differs from RFC 6265bis in what a cookie is: a domain cookie's domain begins with a dot; a host
without a dot has ``.local`` behind its name; a cookie without a name has its value for a name, and
None for a value; text is that of `http.client`, which takes octets for Latin-1.
"""

from operator import attrgetter
from typing import TYPE_CHECKING, Final, cast

from ._cookie import Cookie, SameSite
from ._cookie_date import END_OF_TIME
from ._host import canonical_host, is_ip_address
from ._jar import CookieJar
from ._netscape import whole_seconds

# Imported by the functions only: it brings http.client, and with that sockets and TLS.
if TYPE_CHECKING:
    import http.cookiejar

_LOCAL: Final = ".local"
_SAME_SITE: Final = {"strict": "Strict", "lax": "Lax", "none": "None"}


def to_http_cookiejar(jar: CookieJar, /) -> "http.cookiejar.CookieJar":
    """Copy all cookies into a new jar of the standard library.

    Its policy is the default one but for ``DomainStrictNonDomain``: with the default, a host-only
    cookie goes to the hosts below, too. Parts of seconds, `created` and `max_age` are lost.
    HttpOnly, SameSite and Partitioned are nonstandard attributes there. A cookie of a host without
    a dot goes to the host of that name below ``.local``, too.
    """
    from http.cookiejar import CookieJar as HttpCookieJar
    from http.cookiejar import DefaultCookiePolicy

    strict = DefaultCookiePolicy.DomainStrictNonDomain
    target = HttpCookieJar(DefaultCookiePolicy(strict_ns_domain=strict))
    for cookie in sorted(jar.list_cookies(), key=attrgetter("created")):
        for domain, specified in _domains_there(cookie):
            target.set_cookie(_to_there(cookie, domain, specified))
    return target


def from_http_cookiejar(jar: "http.cookiejar.CookieJar", /) -> CookieJar:
    """Copy the cookies of a jar of the standard library into a new one.

    Left out are cookies that are bound to ports, which would go to all ports here, and those that
    no jar can hold by RFC 6265bis, as with a ``;`` in the value. Those of version 1 (RFC 2965)
    become ordinary ones. A cookie with an empty domain is sent to every host, as it is there. One
    of ``name.local`` becomes two, of ``name`` and of ``name.local``, because `http.cookiejar` does
    not tell these hosts from each other (but ``localhost.local`` becomes one, of ``localhost``).

    The jar is one with the default arguments: it keeps the cookies of IP addresses, but does not
    send them. To have others, `add` its cookies (`list_cookies`) to a jar of yours.
    """
    target = CookieJar()
    for theirs in jar:
        if theirs.port is not None:
            continue
        for domain, host_only in _domains_here(theirs):
            try:
                target.add(_from_there(theirs, domain, host_only))
            except ValueError:
                continue
    return target


def _domains_there(cookie: Cookie) -> list[tuple[str, bool]]:
    """Give domains as `http.cookiejar` has them, and whether the hosts below are meant."""
    domain = cookie.domain
    if not domain:
        return [("", True)]
    host = f"[{domain}]" if ":" in domain else domain
    own = (host if "." in host else f"{host}{_LOCAL}", False)
    if cookie.host_only or is_ip_address(domain):
        return [own]
    below = (f".{domain}", True)
    return [below] if "." in domain else [own, below]


def _domains_here(theirs: "http.cookiejar.Cookie") -> list[tuple[str, bool]]:
    """Give canonical domains, and whether a cookie of each is host-only."""
    if not theirs.domain:
        return [("", False)]
    host = theirs.domain.lower().removeprefix(".")
    domain = canonical_host(host)
    host_only = not theirs.domain_specified or is_ip_address(domain)
    domains = [(domain, host_only)]
    name = host.removesuffix(_LOCAL)
    if name != host and "." not in name:
        own = (canonical_host(name), True)
        domains = (
            [own] if name == "localhost" or name.startswith("[") else [own, (domain, host_only)]
        )
    # What has no canonical form must not become a cookie for every host.
    return [place for place in domains if place[0]]


def _to_there(cookie: Cookie, domain: str, specified: bool) -> "http.cookiejar.Cookie":
    from http.cookiejar import Cookie as HttpCookie

    rest = {}
    if cookie.http_only:
        rest["HttpOnly"] = ""
    if cookie.same_site:
        rest["SameSite"] = cookie.same_site
    if cookie.partitioned:
        rest["Partitioned"] = ""
    value = _latin1(cookie.value)
    return HttpCookie(
        version=0,
        name=_latin1(cookie.name) or value,
        value=value if cookie.name else None,
        port=None,
        port_specified=False,
        domain=domain,
        domain_specified=specified,
        domain_initial_dot=specified and domain != "",
        path=cookie.path,
        path_specified=True,
        secure=cookie.secure,
        expires=None if cookie.expires is None else whole_seconds(cookie.expires),
        discard=cookie.expires is None,
        comment=None,
        comment_url=None,
        rest=rest,
    )


def _from_there(theirs: "http.cookiejar.Cookie", domain: str, host_only: bool) -> Cookie:
    name, value = (theirs.name, theirs.value) if theirs.value is not None else ("", theirs.name)
    same_site = _SAME_SITE.get((_attribute(theirs, "SameSite") or "").lower(), "")
    return Cookie(
        _utf8(name),
        _utf8(value),
        domain,
        theirs.path or "/",
        host_only=host_only,
        secure=theirs.secure,
        http_only=_attribute(theirs, "HttpOnly") is not None,
        same_site=cast(SameSite, same_site),
        partitioned=_attribute(theirs, "Partitioned") is not None,
        expires=None if theirs.expires is None else float(min(theirs.expires, END_OF_TIME)),
    )


def _attribute(theirs: "http.cookiejar.Cookie", name: str) -> str | None:
    """Look for a nonstandard attribute, whose name is there as it was received."""
    for spelling in (name, name.lower(), name.upper(), name.capitalize()):
        if theirs.has_nonstandard_attr(spelling):
            return theirs.get_nonstandard_attr(spelling) or ""
    return None


def _latin1(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


def _utf8(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # The user's own, which http.client could not send.
        return text
