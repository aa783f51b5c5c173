"""Pausing who pushes: a `Flow`, or an asyncio protocol in the manner of aiohttp's.

Libraries make readers and queues by hand, with whatever they have for a protocol. It is
looked at when it is to pause, not before: for most bodies that never happens.
"""

__all__ = ["pause", "resume"]


def pause(protocol: object) -> None:
    """Ask *protocol* to push no more; nothing, if it has no method for that."""
    ask = getattr(protocol, "pause_reading", None) or getattr(protocol, "pause", None)
    if ask is not None:
        ask()


def resume(protocol: object) -> None:
    """Ask *protocol* to push again; nothing, if it has no method for that."""
    ask = getattr(protocol, "resume_reading", None) or getattr(protocol, "resume", None)
    if ask is not None:
        ask()
