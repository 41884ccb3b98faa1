"""The picture beside a shared link: always a PNG of the size that chats ask for, whatever is written in it."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dashboard import pictures
from dashboard.pictures import MARGIN, SIZE, draw_preview, fitted, font

ROWS = [["Claude Opus 4.6", "$5.00", "$25.00"], ["GPT-5.2", "$1.75", "—"]]


def opened(png: bytes) -> Image.Image:
    """The picture as another program reads it."""
    return Image.open(BytesIO(png), formats=["PNG"]).convert("L")


def test_shows_what_it_is_given():
    plain = draw_preview("Frontier", "As of today", ["Model", "Input", "Output"], ROWS, "3 more")
    image = opened(plain)
    assert image.size == SIZE
    assert len(plain) < 60_000
    for other in (
        draw_preview("Other", "As of today", ["Model", "Input", "Output"], ROWS, "3 more"),
        draw_preview("Frontier", "As of today", ["Model", "Input", "Output"], ROWS[:1], "3 more"),
        draw_preview("Frontier", "As of today", ["Model", "Input", "Output"], ROWS, "4 more"),
    ):
        assert opened(other).tobytes() != image.tobytes()


def test_long_words_stay_within_the_margin():
    wide = [["W" * 300] * 6] * 20
    image = opened(draw_preview("W" * 300, "W" * 300, ["W" * 300] * 6, wide, "W" * 300))
    edge = image.crop((SIZE[0] - MARGIN + 2, 0, *SIZE))
    assert edge.getextrema() == (255, 255), "nothing is drawn in the margin"


def test_text_is_cut_with_an_ellipsis():
    cut = fitted("gpt-4.1-mini-2025-04-14 in a sentence of some length", 24, 200)
    assert cut.startswith("gpt-4.1")
    assert cut.endswith("…")
    assert font(24).getlength(cut) <= 200
    assert fitted("short", 24, 200) == "short"


@pytest.mark.parametrize("fonts", [pictures.FONTS, ()], ids=["of the machine", "Pillow's own"])
def test_unknown_characters_have_a_stand_in(fonts, monkeypatch):
    monkeypatch.setattr(pictures, "FONTS", fonts)
    for remembered in (pictures.font, pictures._known):
        remembered.cache_clear()
    try:
        assert fitted("a\nb\tc", 24, 900) == "a b c"
        assert fitted("Café", 24, 900) in ("Café", "Cafe")
        assert fitted("\ue000", 24, 900) == "?"
    finally:
        for remembered in (pictures.font, pictures._known):
            remembered.cache_clear()


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=80), st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), max_size=8))
def test_any_text_can_be_drawn(title, rows):
    assert opened(draw_preview(title, title, ["Model", "Input", "Output"], rows, title)).size == SIZE
