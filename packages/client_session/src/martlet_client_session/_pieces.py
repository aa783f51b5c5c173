"""What waits to be read, as the list of the pieces in which it came."""

__all__ = ["peek_pieces", "take_pieces"]


def take_pieces(pieces: list[bytes], n: int) -> tuple[bytes, int]:
    """Take *n* bytes, or what there is; tell how much of what is the first piece now was taken."""
    whole = 0
    for piece in pieces:
        if len(piece) > n:
            break
        n -= len(piece)
        whole += 1
    taken = pieces[:whole]
    del pieces[:whole]
    if n and pieces:
        taken.append(pieces[0][:n])
    else:
        n = 0
    return b"".join(taken), n


def peek_pieces(pieces: list[bytes], n: int) -> bytes:
    """Give up to *n* bytes, and take nothing."""
    peeked: list[bytes] = []
    for piece in pieces:
        peeked.append(piece[:n])
        n -= len(piece)
        if n <= 0:
            break
    return b"".join(peeked)
