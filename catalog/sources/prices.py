"""From prices as a catalog sends them, each with where it stood, to rate rows and their provenance."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from catalog.pricing.rates import COMPONENTS, RateRow, Tiered, tier_rows
from catalog.pricing.units import Unit, pico_per_request, pico_per_token
from catalog.sources.base import Origin, OtherPrice
from catalog.sources.beside import per_million


class Sent(NamedTuple):
    """One price in US dollars per the unit that the catalog uses, and its path in the catalog's object.

    ``text`` is the price as sent, where that was not in US dollars.
    """

    value: object
    path: str
    text: str = ""


Found = Mapping[tuple[str, int], Sent]
"""Prices by name and tier floor (exclusive, 0 is the base). Names of COMPONENTS are rated."""


def rate_rows(mode: str, found: Found, unit: Unit) -> tuple[RateRow, ...]:
    """The rows of one mode. Raises PriceError."""
    components = {}
    for component in COMPONENTS:
        picos = {floor: _pico(name, sent, unit) for (name, floor), sent in found.items() if name == component}
        known = {floor: pico for floor, pico in picos.items() if pico is not None}
        if known:
            components[component] = Tiered(known.pop(0, None), known)
    return tier_rows(mode, components)


def _pico(name: str, sent: Sent, unit: Unit) -> int | None:
    return pico_per_request(sent.value) if name == "request" else pico_per_token(sent.value, unit)


def other_token_prices(mode: str, found: Found, unit: Unit, when: str = "") -> Iterator[OtherPrice]:
    """The prices of tokens that no rate row holds (of audio, of reasoning), free of float noise; raises PriceError.

    With ``when``, a condition that rates do not know, all of ``found`` are such.
    """
    for (name, floor), sent in found.items():
        if when or name not in COMPONENTS:
            pico = pico_per_token(sent.value, unit)
            yield from per_million(name.replace("_", " "), pico, mode=mode, above=floor, when=when)


def price_origins(mode: str, found: Found) -> Iterator[Origin]:
    """Where each rate came from."""
    for (name, floor), sent in found.items():
        if name in COMPONENTS and sent.value not in (None, ""):
            yield Origin(sent.path, sent.text or str(sent.value), name, mode, floor)
