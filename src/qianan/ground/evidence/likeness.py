"""How like two pictures are: a 64-bit difference hash (dHash), and the pieces by which like ones are found.

The picture is made 9 × 8 grey points; each bit says whether a point is brighter than its right neighbour. A smaller or
newly saved copy differs in a few bits. Two hashes at most four bits apart agree in at least one of five pieces.
"""

from PIL import Image

NEAR = 4
_PIECES = (13, 13, 13, 13, 12)
_PLAINEST = 6


def dhash(picture: Image.Image) -> str:
    """The hash as 16 hex digits; "" for a picture so plain (a wall, the dark) that it would be like any other."""
    small = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    points = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = (bits << 1) | (points[row * 9 + column] > points[row * 9 + column + 1])
    return f"{bits:016x}" if _PLAINEST <= bits.bit_count() <= 64 - _PLAINEST else ""


def pieces(hash: str) -> tuple[int, ...] | tuple[None, ...]:
    """The five pieces of a hash; five times None for a picture without one."""
    if not hash:
        return (None,) * len(_PIECES)
    bits, found = int(hash, 16), []
    for width in _PIECES:
        found.append(bits & ((1 << width) - 1))
        bits >>= width
    return tuple(found)


def distance(one: str, other: str) -> int:
    """The number of bits in which two hashes differ; 64 when either is missing."""
    if not one or not other:
        return 64
    return (int(one, 16) ^ int(other, 16)).bit_count()
