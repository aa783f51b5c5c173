"""The part of a multipart body that a form's field becomes, if it is in memory."""

from ._form_field import FormField
from ._outgoing_part import OutgoingPart
from ._part_head import part_head
from ._payload import Payload
from ._stream_writer import AbstractStreamWriter

__all__ = ["FieldPart"]


class FieldPart:
    """Writes *field* without the detour of a payload: most forms are sent, never looked at.

    It does all that an `OutgoingPart` does, and becomes one when the payload is asked for,
    whose header may then be changed. *data* and *media_type* are what `FormField.in_memory`
    gives. Raises `ValueError` for what no header field can hold.
    """

    __slots__ = ("_boundary", "_field", "_head", "_looked_at", "data")

    coding = ""
    """No part of a form is encoded."""
    transfer = ""
    coded = False

    data: bytes
    """What is sent."""

    def __init__(self, field: FormField, data: bytes, media_type: str, boundary: str) -> None:
        self.data = data
        self._field = field
        self._boundary = boundary
        self._looked_at: OutgoingPart | None = None
        fields = ("Content-Type", media_type), ("Content-Disposition", field.disposition())
        self._head = part_head(f"--{boundary}", fields)

    @property
    def in_use(self) -> Payload | None:
        """The payload, if there is one yet."""
        return None if self._looked_at is None else self._looked_at.payload

    @property
    def payload(self) -> Payload:
        """The payload; made by the first who asks."""
        if self._looked_at is None:
            self._looked_at = OutgoingPart(self._field.payload(), self._boundary, is_form=True)
        return self._looked_at.payload

    @property
    def size(self) -> int:
        """How many bytes are sent."""
        return len(self.data)

    def head(self, size: int | None) -> bytes:
        """Give the delimiter and the header of the part."""
        return self._head if self._looked_at is None else self._looked_at.head(size)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write what is sent."""
        await self.payload.write(writer)

    async def as_bytes(self, encoding: str, errors: str) -> bytes:
        """Give what is sent."""
        return self.data
