"""How much a jar keeps and sends (RFC 6265bis sections 5.6, 5.7 and 6.1)."""

import attrs
from attrs.validators import ge, instance_of


def _cap(default: int) -> int:
    field: int = attrs.field(default=default, validator=[instance_of(int), ge(1)])
    return field


@attrs.frozen(slots=True, kw_only=True)
class CookieLimits:
    """Caps; each has to be at least 1.

    Args:
        pair: Octets of a cookie's name and value together; a larger cookie is ignored.
        attribute: Octets of an attribute's value; a larger attribute is ignored.
        per_domain: Cookies with the same domain; the least recently used goes first. It does not
            hold for shared cookies, which only the user can make.
        total: Cookies in the jar; the least recently used goes first.
        header: Octets of a Cookie field; cookies that do not fit are left out, those with the
            longest paths and the oldest are sent first.
        age: Seconds that a cookie may live at most, whatever it asks for (400 days).

    Raises:
        TypeError, ValueError: A cap that is none.
    """

    pair: int = _cap(4096)
    attribute: int = _cap(1024)
    per_domain: int = _cap(50)
    total: int = _cap(3000)
    header: int = _cap(8192)
    age: int = _cap(400 * 86400)


DEFAULT_LIMITS = CookieLimits()
