"""Photos of a city that does not exist: simple drawn scenes, a fault and the same place mended, as real JPEG files."""

import io
from random import Random

from PIL import Image, ImageDraw

SIZE = (800, 600)
SCENES = ("extinguisher", "exit", "hose", "socket", "panel", "stack")
OF_CATEGORY = {"gas": "hose", "electric": "socket", "fire": "extinguisher", "exit": "exit", "people": "panel"}
"""Which scene suits an item's category; any other is a matter of shelves."""


def draw(scene: str, *, mended: bool, seed: str) -> bytes:
    """One photo as JPEG. The same seed gives the same wall and light, so that before and after belong together."""
    dice = Random(seed)  # noqa: S311
    wall = tuple(dice.randint(150, 215) for _ in range(3))
    floor = tuple(max(0, value - dice.randint(50, 80)) for value in wall)
    image = Image.new("RGB", SIZE, wall)
    pen = ImageDraw.Draw(image)
    for column in range(10):  # panels of slightly different shades: no two walls are alike, not even made small
        for row in range(6):
            shade = tuple(max(0, min(255, value + dice.randint(-16, 16))) for value in wall)
            pen.rectangle((column * 80, row * 72, column * 80 + 80, row * 72 + 72), fill=shade)
    for column in range(10):
        shade = tuple(max(0, value + dice.randint(-12, 12)) for value in floor)
        pen.rectangle((column * 80, 430, column * 80 + 80, 600), fill=shade)
    for line in range(dice.randint(3, 6)):
        x = dice.randint(0, 800)
        pen.line(
            (x, 430, x + dice.randint(-200, 200), 600), fill=tuple(value - 15 for value in floor), width=2 + line % 2
        )
    shift = dice.randint(-90, 90)
    _SCENES[scene](pen, shift, mended, dice)
    _grain(image, dice, mended)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=72)
    return out.getvalue()


def _grain(image: Image.Image, dice: Random, mended: bool) -> None:
    """A little light and dust: no two photos are alike, and before is not after."""
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y, size = dice.randrange(800), dice.randrange(600), dice.randint(1, 3)
        shade = dice.randint(90, 235)
        pen.ellipse((x, y, x + size, y + size), fill=(shade, shade, shade - 10))
    corner = 40 if mended else 760
    pen.ellipse((corner - 180, -200, corner + 180, 120), fill=(252, 250, 238))


def _extinguisher(pen: ImageDraw.ImageDraw, shift: int, mended: bool, dice: Random) -> None:
    x = 380 + shift
    pen.rectangle((x - 60, 180, x + 110, 470), outline=(120, 20, 20), width=6)
    if mended:
        for left in (x - 40, x + 30):
            pen.rounded_rectangle((left, 250, left + 50, 450), 18, fill=(196, 30, 30))
            pen.rectangle((left + 18, 222, left + 32, 252), fill=(40, 40, 40))
            pen.ellipse((left + 12, 300, left + 38, 326), fill=(60, 160, 70))
    else:
        pen.line((x - 50, 460, x + 100, 200), fill=(90, 90, 90), width=3)
        for box in range(3):
            y = 430 - box * 60
            pen.rectangle(
                (x - 110 + box * 12, y - 50, x + 20 + box * 12, y), fill=(176, 138, 92), outline=(110, 80, 50)
            )


def _exit(pen: ImageDraw.ImageDraw, shift: int, mended: bool, dice: Random) -> None:
    x = 400 + shift
    pen.rectangle((x - 110, 130, x + 110, 470), fill=(96, 110, 120), outline=(50, 60, 66), width=5)
    pen.rectangle((x - 70, 70, x + 70, 112), fill=(30, 130, 70) if mended else (70, 78, 74))
    pen.polygon(((x - 20, 80), (x + 20, 91), (x - 20, 102)), fill=(240, 250, 240) if mended else (100, 108, 104))
    if not mended:
        for box in range(5):
            left = x - 130 + box * 48
            top = 300 + (box % 2) * 60
            pen.rectangle((left, top, left + 90, 480), fill=(180, 142, 96), outline=(110, 80, 50), width=3)


def _hose(pen: ImageDraw.ImageDraw, shift: int, mended: bool, dice: Random) -> None:
    x = 300 + shift
    pen.rectangle((x + 120, 280, x + 330, 450), fill=(150, 156, 160), outline=(80, 84, 88), width=4)
    for ring in (x + 175, x + 275):
        pen.ellipse((ring - 34, 262, ring + 34, 296), outline=(40, 40, 40), width=7)
    pen.rounded_rectangle((x - 90, 260, x, 470), 26, fill=(90, 128, 168))
    colour = (210, 120, 30) if mended else (120, 90, 60)
    if mended:
        pen.line((x - 45, 262, x - 45, 230, x + 130, 230, x + 130, 300), fill=colour, width=9, joint="curve")
    else:
        points = [(x - 45, 262), (x - 140, 330), (x - 60, 540), (x + 60, 500), (x + 90, 560), (x + 130, 340)]
        pen.line(points, fill=colour, width=9, joint="curve")
        pen.ellipse((x - 74, 520, x - 46, 552), outline=(190, 30, 30), width=5)


def _socket(pen: ImageDraw.ImageDraw, shift: int, mended: bool, dice: Random) -> None:
    x = 360 + shift
    pen.rounded_rectangle((x, 240, x + 150, 340), 12, fill=(245, 245, 240), outline=(120, 120, 120), width=4)
    for hole in (x + 45, x + 105):
        pen.line((hole - 10, 276, hole - 10, 300), fill=(60, 60, 60), width=5)
        pen.line((hole + 10, 276, hole + 10, 300), fill=(60, 60, 60), width=5)
    if not mended:
        pen.polygon(((x + 60, 250), (x + 96, 236), (x + 118, 290), (x + 80, 330)), fill=(52, 44, 40))
        for wire in range(4):
            end = dice.randint(-160, 260)
            pen.line((x + 80, 330, x + 40 + wire * 26, 420, x + end, 520), fill=(30, 30, 34), width=6, joint="curve")


def _panel(pen: ImageDraw.ImageDraw, shift: int, mended: bool, dice: Random) -> None:
    x = 300 + shift
    pen.rectangle((x, 150, x + 210, 420), fill=(112, 120, 128), outline=(60, 66, 72), width=5)
    for row in range(2):
        for place in range(5):
            left = x + 20 + place * 36
            pen.rectangle((left, 190 + row * 100, left + 26, 250 + row * 100), fill=(232, 232, 228))
            up = mended or dice.random() < 0.5
            pen.rectangle(
                (left + 6, (200 if up else 224) + row * 100, left + 20, (216 if up else 240) + row * 100),
                fill=(40, 40, 44),
            )
    if mended:
        pen.rectangle((x + 60, 100, x + 150, 138), fill=(240, 200, 40))
    else:
        pen.line((x + 210, 150, x + 300, 190, x + 300, 440, x + 210, 420), fill=(90, 96, 102), width=6)
        pen.rectangle((x - 40, 360, x + 120, 470), fill=(178, 140, 94), outline=(110, 80, 50), width=3)


def _stack(pen: ImageDraw.ImageDraw, shift: int, mended: bool, dice: Random) -> None:
    x = 180 + shift
    for shelf in range(3):
        pen.line((x, 200 + shelf * 90, x + 440, 200 + shelf * 90), fill=(70, 80, 92), width=8)
        for box in range(6 if mended else 8):
            left = x + 12 + box * (70 if mended else 54)
            tall = 56 if mended else dice.randint(50, 96)
            pen.rectangle(
                (left, 196 + shelf * 90 - tall, left + 58, 196 + shelf * 90),
                fill=(184, 146, 100),
                outline=(110, 80, 50),
            )
    if not mended:
        pen.line((x + 460, 60, x + 430, 130), fill=(240, 220, 120), width=10)
        pen.ellipse((x + 400, 110, x + 470, 170), fill=(250, 236, 160))


_SCENES = {
    "extinguisher": _extinguisher,
    "exit": _exit,
    "hose": _hose,
    "socket": _socket,
    "panel": _panel,
    "stack": _stack,
}
