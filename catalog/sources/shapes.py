"""What msgspec says of a value that does not have the shape expected, in words for the person who reads the sync."""

import re

NOUNS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
MISSING = re.compile(r"Object missing required field `([^`]+)`(?: - at `([^`]+)`)?")
WRONG = re.compile(r"Expected `([^`]+)`, got `(\w+)`(?: - at `([^`]+)`)?")
OTHER = re.compile(r"([^`]+?)(?: - at `([^`]+)`)?")


def in_words(error: Exception) -> str:
    """The message of a msgspec.ValidationError in plain words, as a clause that begins with a small letter."""
    text = str(error)
    if found := MISSING.fullmatch(text):
        member, path = found.groups()
        return f"{_place(path)} has no “{member}”"
    if found := WRONG.fullmatch(text):
        wanted, got, path = found.groups()
        nouns = [_noun(word) for word in wanted.split(" | ") if word != "null"]
        return f"{_place(path)} is {_noun(got)}, not {' or '.join(nouns)}"
    if found := OTHER.fullmatch(text):
        what, path = found.groups()
        return f"{_place(path)} cannot be read: {what[:1].lower()}{what[1:].rstrip('.')}"
    return f"it cannot be read: {text.replace('`', '').rstrip('.')}"


def _noun(word: str) -> str:
    return NOUNS.get(word, f"a {word}")


def _place(path: str | None) -> str:
    """The member at ``$.limit.context`` as “limit.context”; the whole, at ``$`` or at no path, is it."""
    member = (path or "").removeprefix("$").removeprefix(".")
    return f"“{member}”" if member else "it"
