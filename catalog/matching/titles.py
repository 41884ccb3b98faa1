"""Titles only suggest: fifteen rows called “GPT-4.1” are not one model."""

import re

from catalog.matching.families import Known
from catalog.matching.names import parse
from catalog.matching.resolve import read

AUTHOR = re.compile(r"^[^:]{1,40}: ")
BESIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]")


def titled(title: str, provider: str, known: Known) -> tuple[str | None, tuple[str, ...]]:
    """The family whose name the title is, if one, and all that it suggests. “Author: ” and brackets are left out."""
    text = BESIDE.sub("", AUTHOR.sub("", title)).strip().replace("/", "-")
    if not text:
        return None, ()
    reading = read(text, provider, known)
    said = reading.family or next(iter(family.slug for family in known.by_key.get(parse(text).key, ())), None)
    return said, tuple(filter(None, (said, *reading.candidates)))
