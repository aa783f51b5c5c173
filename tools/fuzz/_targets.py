"""The table of all targets. A new one is an entry here."""

from ._coding_targets import CODINGS
from ._field_targets import FIELDS
from ._frame_targets import FRAMES
from ._handshake_targets import HANDSHAKES
from ._inflate_target import INFLATE
from ._message_identity_target import IDENTITY
from ._message_targets import REQUEST, RESPONSE
from ._serializer_target import SERIALIZER

__all__ = ["TARGETS"]

_HTTP = (RESPONSE, REQUEST, SERIALIZER, *CODINGS, *FIELDS)
_WEBSOCKET = (*FRAMES, INFLATE, IDENTITY, *HANDSHAKES)

TARGETS = {target.name: target for target in (*_HTTP, *_WEBSOCKET)}
