"""What a LiteLLM entry says of a model besides its prices; the cost map and a proxy send the same members."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from catalog.sources.base import Origin
from catalog.sources.members import text
from catalog.sources.values import capabilities

FACTS = {
    "litellm_provider": "provider",
    "max_input_tokens": "max_input_tokens",
    "max_output_tokens": "max_output_tokens",
    "deprecation_date": "deprecates_on",
    "mode": "capabilities",
}


def supported(entry: dict[str, Any]) -> tuple[str, ...]:
    """The mode (``chat``, ``embedding``, ``image_generation`` …) first, then what it supports, in order of name."""
    found = capabilities(name for name, value in entry.items() if name.startswith("supports_") and value is True)
    return tuple(dict.fromkeys(filter(None, [text(entry, "mode"), *sorted(found)])))


def uplifts(entry: dict[str, Any]) -> Iterator[str]:
    """Notes on what makes every price of the entry dearer, such as processing within one region."""
    for name, factor in sorted(entry.items()):
        case, found, region = name.partition("_uplift_multiplier")
        if found and isinstance(factor, int | Decimal) and factor != 1:
            where = f" ({region.strip('_').upper()})" if region else ""
            yield f"With {case.replace('_', ' ')}{where} every price is multiplied by {factor}."


def fact_origins(entry: dict[str, Any], prefix: str = "") -> list[Origin]:
    """Where the facts came from; ``prefix`` is the path of ``entry`` in what was sent."""
    return [Origin(prefix + name, str(entry[name]), read_as) for name, read_as in FACTS.items() if entry.get(name)]
