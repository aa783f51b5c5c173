"""What a Content-Disposition field says, for who receives it."""

from collections.abc import Mapping
from types import MappingProxyType

import attrs

__all__ = ["ContentDisposition", "received_disposition"]


@attrs.frozen(slots=True)
class ContentDisposition:
    """A Content-Disposition field (RFC 6266), taken apart.

    Args:
        type: In lower case, such as ``attachment``; ``None`` if the field is malformed.
        parameters: By name, as they were sent.
        filename: What the file is to be called. It is the peer's choice, and may be a path
            or worse: see `martlet_http_parser.safe_filename`. ``None`` if it says nothing.
    """

    type: str | None
    parameters: Mapping[str, str]
    filename: str | None

    @property
    def value(self) -> str | None:
        """The same as `type`, as older code has it."""
        return self.type


def received_disposition(field: str) -> ContentDisposition:
    """Take a field's value apart."""
    from martlet_http_parser import content_disposition_filename, parse_content_disposition

    disposition, parameters = parse_content_disposition(field)
    filename = content_disposition_filename(parameters)
    return ContentDisposition(disposition, MappingProxyType(parameters), filename)
