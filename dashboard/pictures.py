"""The picture that a chat shows beside a link: a title and the first rows of its table, as a PNG.

Drawn by Pillow on the server, as chats read neither SVG nor scripts. 1200 × 630 is the size that they ask for:
https://ogp.me/#structured
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 64
MOST_ROWS = 6
CANVAS, INK, FAINT, LINE, ACCENT = "#ffffff", "#141a17", "#5f6a65", "#cdd4d0", "#3f8a68"
FONTS = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "Helvetica.ttc")
"""Where the machine has none of these, Pillow's own is taken, which knows little more than ASCII."""
TABLE_TOP, ROW, FOOT = 232, 47, 578
FIRST_COLUMN, OTHER_COLUMN = 0.36, 190
"""The least share of the width for the names in the first column, and the most pixels for each other one."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw_preview(title: str, subtitle: str, headings: Sequence[str], rows: Sequence[Sequence[str]], foot: str) -> bytes:
    """A PNG of 1200 × 630. ``rows`` are as long as ``headings``; the first column holds names, the others figures."""
    image = Image.new("RGB", SIZE, CANVAS)
    pen = ImageDraw.Draw(image)
    width = SIZE[0] - 2 * MARGIN
    _brand(pen)
    pen.text((MARGIN, 118), fitted(title, 44, width), fill=INK, font=font(44))
    pen.text((MARGIN, 178), fitted(subtitle, 24, width), fill=FAINT, font=font(24))
    if headings:
        _table(pen, headings, rows[:MOST_ROWS], width)
    pen.text((MARGIN, FOOT), fitted(foot, 20, width), fill=FAINT, font=font(20))
    out = BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _brand(pen: ImageDraw.ImageDraw) -> None:
    """The mark of ``static/mark.svg`` and the name beside it."""
    left, top = MARGIN, 48
    pen.rounded_rectangle((left, top, left + 46, top + 36), radius=9, outline=ACCENT, width=4)
    pen.line((left + 17, top + 18, left + 30, top + 18), fill=ACCENT, width=4)
    pen.ellipse((left + 8, top + 13, left + 18, top + 23), outline=ACCENT, width=4)
    pen.ellipse((left + 29, top + 12, left + 41, top + 24), fill=ACCENT)
    pen.text((left + 62, top + 4), "Ratecard", fill=ACCENT, font=font(26))


def _table(pen: ImageDraw.ImageDraw, headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> None:
    """Names on the left, figures flush right, a line under each row."""
    others = len(headings) - 1
    each = min(OTHER_COLUMN, int(width * (1 - FIRST_COLUMN)) // others) if others else 0
    first = width - each * others
    for index, cells in enumerate([headings, *rows]):
        top = TABLE_TOP + index * ROW
        size, ink = (20, FAINT) if index == 0 else (24, INK)
        for place, text in enumerate(cells):
            if place == 0:
                pen.text((MARGIN, top + 8), fitted(text, size, first - 16), fill=ink, font=font(size))
            else:
                right = MARGIN + first + each * place
                pen.text((right, top + 8), fitted(text, size, each - 16), fill=ink, font=font(size), anchor="ra")
        pen.line((MARGIN, top + ROW - 4, MARGIN + width, top + ROW - 4), fill=LINE, width=1)


def fitted(text: str, size: int, width: int) -> str:
    """``text`` in one line of at most ``width`` pixels, cut with an ellipsis, in characters that the font has."""
    text = "".join(_known(character) for character in " ".join(text.split())[:300])
    if font(size).getlength(text) <= width:
        return text
    while text and font(size).getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


@lru_cache(maxsize=64)
def font(size: int) -> Font:
    """The first of FONTS that the machine has, at this size in pixels."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


@lru_cache(maxsize=2_000)
def _known(character: str) -> str:
    """The character, or what stands for it where the font would draw an empty box."""
    if _drawn(character) != _drawn("\uffff"):
        return character
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return plain or "?"


def _drawn(character: str) -> bytes:
    return bytes(font(24).getmask(character))
