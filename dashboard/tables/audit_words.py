"""Findings of the audit in words: each in a sentence with its figures."""

from collections.abc import Callable, Mapping, Sequence

from catalog.pricing.audit import HIGH, LOW, MEDIUM, Finding, Kind
from catalog.pricing.units import price_text
from catalog.services.audit import Found, Named
from catalog.services.catalogs import Catalog
from dashboard.formats import counted, every_text, moment_text, move_text

LABELS = {
    Kind.FAILING: "Catalog fails",
    Kind.STALE: "Catalog is stale",
    Kind.UNIT: "Unit looks wrong",
    Kind.FAR: "Far from the others",
    Kind.ZERO: "Zero here, paid elsewhere",
    Kind.CACHE_READ: "Cache read above input",
    Kind.CACHE_WRITE: "Cache write below read",
    Kind.OUTPUT: "Output below input",
    Kind.DISAGREE: "Catalogs disagree",
    Kind.TWICE: "Listed twice",
    Kind.UNKNOWN: "Price missing",
    Kind.CONTEXT: "Context differs",
    Kind.LIFECYCLE: "Deprecated or not",
}
SEVERITIES = {HIGH: ("high", "bad"), MEDIUM: ("medium", "warn"), LOW: ("low", "")}
"""What to call a severity, and the kind of its badge."""
NAMED_MOST = 3


def sentence(found: Found, catalogs: Mapping[int, Catalog]) -> str:
    """The finding in a sentence; ``catalogs`` by id are those that the viewer may see."""
    if not found.offers:
        return _of_catalog(found.kind, catalogs[found.catalogs[0]])
    names = {pk: catalog.name for pk, catalog in catalogs.items()}
    return WORDS[found.kind](found.finding, found.offers, names)


def _of_catalog(kind: Kind, catalog: Catalog) -> str:
    if catalog.read_at is None:
        return f"{catalog.name} was never read{': its last sync failed' if kind is Kind.FAILING else ''}."
    day = moment_text(catalog.read_at)
    if kind is Kind.FAILING:
        return f"The last sync of {catalog.name} failed. Its prices are those of {day}."
    every = every_text(catalog.refresh_minutes)
    return f"{catalog.name} is to be read every {every} and was last read on {day}."


Names = Mapping[int, str]
Offers = Sequence[Named]


def _who(offer: Named, names: Names) -> str:
    """Who sells it, according to whom."""
    catalog = names[offer.catalog_id]
    return f"{offer.seller} ({catalog})" if offer.seller not in ("", catalog) else catalog


def _provider(offer: Named) -> str:
    return offer.seller or offer.name


def _dollars(pico: int | None) -> str:
    return "—" if pico is None else f"${price_text(pico)}"


def _pair(one: Finding) -> tuple[str, str]:
    return _dollars(one.figures[0]), _dollars(one.figures[1])


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.1f}×".replace(".0×", "×")


def _gap(one: Finding) -> str:
    high, low = one.figures[0] or 0, one.figures[1] or 0
    return move_text(low, high)


def _far(one: Finding, offers: Offers, names: Names) -> str:
    price, other = _pair(one)
    above = (one.figures[0] or 0) > (one.figures[1] or 0)
    who, times = _who(offers[0], names), _times(one.ratio)
    if one.component == "blended":
        if above:
            return f"{who} has one price for all tokens, {price} per 1M, {times} the highest output price, {other}."
        return (
            f"{who} has one price for all tokens, {price} per 1M; the lowest input price, {other}, is {times} as much."
        )
    asks = f"{who} asks {price} per 1M {one.component} tokens"
    if not one.among:
        return f"{asks}, {times} the {other} of {_who(offers[1], names)}: one of them is for another unit, it seems."
    if above:
        return f"{asks}, {times} the median of the {one.among:,} plain offers of this model, {other}."
    return f"{asks}; the median of the {one.among:,} plain offers of this model, {other}, is {times} as much."


def _zero(one: Finding, offers: Offers, names: Names) -> str:
    price = _dollars(one.figures[1])
    *zeros, paid = offers
    if one.component == "same":
        first, second = names[zeros[0].catalog_id], names[paid.catalog_id]
        return f"{_provider(zeros[0])} asks 0 according to {first}, and {price} per 1M input tokens in {second}."
    who = list(dict.fromkeys(_who(offer, names) for offer in zeros))
    shown, more = who[:NAMED_MOST], len(who) - NAMED_MOST
    text = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
    verb = "asks" if len(who) == 1 else "ask"
    others = counted(one.among, "other offer")
    return (
        f"{text} {verb} 0, which may mean that no price is set or that a subscription covers it. "
        f"{others} cost{'s' if one.among == 1 else ''} from {price} per 1M input tokens."
    )


def _cache_read(one: Finding, offers: Offers, names: Names) -> str:
    read, sent = _pair(one)
    return f"{_who(offers[0], names)} asks {read} per 1M tokens read from the cache, more than the {sent} of input."


def _cache_write(one: Finding, offers: Offers, names: Names) -> str:
    write, read = _pair(one)
    who = _who(offers[0], names)
    return (
        f"{who} asks {write} to write 1M tokens to the cache, less than the {read} to read them. It may be for storage."
    )


def _output(one: Finding, offers: Offers, names: Names) -> str:
    output, sent = _pair(one)
    return f"{_who(offers[0], names)} asks {output} per 1M output tokens, less than the {sent} of input."


def _disagree(one: Finding, offers: Offers, names: Names) -> str:
    high, low = _pair(one)
    first, second = _sides(one, offers, names)
    asks = f"{_provider(offers[0])} asks {high} per 1M {one.component} tokens"
    return f"{asks} according to {first}, {low} according to {second}: {_gap(one)}."


def _sides(one: Finding, offers: Offers, names: Names) -> tuple[str, str]:
    """Which catalogs tell the higher figure, and which the lower one."""
    sides: dict[int, list[str]] = {}
    for seen, offer in zip(one.offers, offers, strict=True):
        sides.setdefault(getattr(seen, one.component), []).append(names[offer.catalog_id])
    high, low = (_listed(side) for side in sides.values())
    return high, low


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _twice(one: Finding, offers: Offers, names: Names) -> str:
    high, low = _pair(one)
    catalog, who = names[offers[0].catalog_id], _provider(offers[0])
    return (
        f"{catalog} lists it for {who} at {high} per 1M {one.component} tokens as {offers[0].ref}, "
        f"and at {low} as {offers[1].ref}: {_gap(one)}."
    )


def _unknown(one: Finding, offers: Offers, names: Names) -> str:
    sent, output, blended = one.figures
    told = {"tokens": blended} if blended else {"input tokens": sent, "output tokens": output}
    prices = " and ".join(f"{_dollars(price)} per 1M {what}" for what, price in told.items() if price is not None)
    return f"{names[offers[0].catalog_id]} tells no price; {_who(offers[1], names)} asks {prices}."


def _context(one: Finding, offers: Offers, names: Names) -> str:
    high, low = one.figures
    first, second = _sides(one, offers, names)
    takes = f"{_provider(offers[0])} takes {high:,} tokens of context"
    return f"{takes} according to {first}, {low:,} according to {second}."


def _lifecycle(one: Finding, offers: Offers, names: Names) -> str:
    first, second = (names[offer.catalog_id] for offer in offers)
    return f"{_provider(offers[0])} has deprecated it according to {first}, but not in {second}."


WORDS: Mapping[Kind, Callable[[Finding, Offers, Names], str]] = {
    Kind.UNIT: _far,
    Kind.FAR: _far,
    Kind.ZERO: _zero,
    Kind.CACHE_READ: _cache_read,
    Kind.CACHE_WRITE: _cache_write,
    Kind.OUTPUT: _output,
    Kind.DISAGREE: _disagree,
    Kind.TWICE: _twice,
    Kind.UNKNOWN: _unknown,
    Kind.CONTEXT: _context,
    Kind.LIFECYCLE: _lifecycle,
}
