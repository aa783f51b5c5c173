"""The table of all targets. A new one is an entry here."""

from ._coding_targets import CODINGS
from ._field_targets import FIELDS
from ._message_targets import REQUEST, RESPONSE
from ._serializer_target import SERIALIZER

__all__ = ["TARGETS"]

TARGETS = {target.name: target for target in (RESPONSE, REQUEST, SERIALIZER, *CODINGS, *FIELDS)}
