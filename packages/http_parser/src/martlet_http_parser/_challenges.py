"""Reading WWW-Authenticate and Proxy-Authenticate (RFC 9110 sections 11.3, 11.6.1, 11.7.1)."""

import re
from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import Final

from attrs import field as attribute
from attrs import frozen

from ._field_parameters import MAX_PARAMETERS, QUOTED_CONTENT, QUOTED_STRING, unescape
from ._grammar import TOKEN
from ._late_pattern import late_pattern

__all__ = ["Challenge", "parse_challenges"]

# Commas separate challenges, and they separate parameters. What begins a challenge is a
# token that no equals sign follows.
_ELEMENT: Final = late_pattern(
    rf"""[ \t,]*+
    (?: (?P<scheme>{TOKEN.pattern}) (?: [ \t]++(?!=) | (?=,|\Z) ) )?+
    (?:
        (?:
            (?(scheme) (?P<token68> [A-Za-z0-9\-._~+/]++=*+ ) | (?!) )
            | (?P<name>{TOKEN.pattern})[ \t]*+=[ \t]*+
              (?: (?P<plain>{TOKEN.pattern}) | "(?P<quoted>{QUOTED_CONTENT})" )
        )
        [ \t]*+(?=,|\Z)
    )?+
    (?P<rest> (?:[^",]++|{QUOTED_STRING})*+ )""",
    re.VERBOSE,
)
_PARAMETER_NAME: Final = late_pattern(rf"{TOKEN.pattern}[ \t]*+=")


def _read_only(parameters: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(parameters))


@frozen
class Challenge:
    """One way to authenticate that a server offers.

    *scheme* is lower-cased, as in ``"digest"``. It comes with *token68* or with
    *parameters* or with neither; the names of these are lower-cased, and they are
    read-only.
    """

    scheme: str
    token68: str | None = None
    parameters: Mapping[str, str] = attribute(factory=dict, converter=_read_only, hash=False)

    @property
    def realm(self) -> str | None:
        """What the credentials are for (RFC 9110 section 11.5)."""
        return self.parameters.get("realm")


class _Draft:
    __slots__ = ("is_ambiguous", "parameters", "scheme", "token68")

    def __init__(self, scheme: str, token68: str | None) -> None:
        self.scheme = scheme
        self.token68 = token68
        self.parameters: dict[str, str] = {}
        self.is_ambiguous = False


def parse_challenges(field: str) -> list[Challenge]:
    """Take *field* apart into its challenges, in the order sent.

    Several field lines have to be joined with ``", "``. Values are as they were sent, with
    quotes and escapes resolved: what was not UTF-8 is still in surrogates.

    A challenge in which a parameter stands twice says two things, and is left out. A
    malformed parameter is passed over. So is anything else that is malformed, with the
    parameters that follow it: nobody can tell whose they are. At most 256 elements (a
    challenge with its first parameter, or a further parameter) are looked at.
    """
    drafts: list[_Draft] = []
    owner: _Draft | None = None
    for match in islice(_ELEMENT().finditer(field), MAX_PARAMETERS):
        scheme, token68, name, plain, quoted, rest = match.groups()
        if scheme is not None:
            owner = _Draft(scheme.lower(), token68)
            drafts.append(owner)
        # Parameters cannot follow a token68, either.
        if name is not None:
            if owner is not None:
                owner.is_ambiguous |= name.lower() in owner.parameters
                owner.parameters[name.lower()] = plain or unescape(quoted)
        elif token68 is not None or (rest and not _PARAMETER_NAME().match(rest)):
            owner = None
    return [
        Challenge(draft.scheme, draft.token68, draft.parameters)
        for draft in drafts
        if not draft.is_ambiguous
    ]
