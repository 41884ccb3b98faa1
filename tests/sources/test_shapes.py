"""What msgspec says, in plain words."""

from decimal import Decimal

import msgspec
import pytest

from catalog.sources.shapes import in_words


class Price(msgspec.Struct):
    """A part of the row of these tests."""

    usd: Decimal | None = None


class Row(msgspec.Struct):
    """A row of these tests."""

    id: str
    words: list[str] = []
    price: Price | None = None
    mode: bool | dict[str, int] | None = None


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("{}", "it has no “id”"),
        ("[]", "it is a list, not an object"),
        ('{"id": null}', "“id” is null, not a text"),
        ('{"id": "a", "words": [1]}', "“words[0]” is a whole number, not a text"),
        ('{"id": "a", "price": {"usd": true}}', "“price.usd” is true or false, not a number"),
        ('{"id": "a", "price": {"usd": "cheap"}}', "“price.usd” cannot be read: invalid decimal string"),
        ('{"id": "a", "mode": 1.5}', "“mode” is a number, not true or false or an object"),
        ('{"id": "a", "mode": {"x": ""}}', "“mode[...]” is a text, not a whole number"),
    ],
)
def test_a_wrong_shape_is_told_in_plain_words(row, sentence):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(row, type=Row)
    assert in_words(caught.value) == sentence
    assert "`" not in sentence
