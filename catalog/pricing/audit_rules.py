"""The rules over the offers of one family: `findings` holds them all. What each looks for, `audit.THRESHOLDS` says."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from operator import attrgetter

from catalog.pricing.audit import (
    FAR_TIMES,
    HIGH,
    LOW,
    MEDIAN_OF,
    MEDIUM,
    REGION,
    SET_APART,
    UNIT_TIMES,
    Finding,
    Kind,
    Seen,
    by_catalog,
    differ,
    own_findings,
    severity_of,
    times,
)
from catalog.pricing.rates import PriceState

PRICES = {"input": attrgetter("input"), "output": attrgetter("output")}
CONTEXT = attrgetter("context")
ZEROS = (PriceState.FREE, PriceState.ZERO_UNCONFIRMED)


def findings(offers: Iterable[Seen]) -> list[Finding]:
    """All that there is to find in these offers of any families."""
    found: list[Finding] = []
    families: dict[int, list[Seen]] = {}
    for offer in offers:
        if offer.listed:
            found += own_findings(offer)
        if offer.family is not None and offer.apart < SET_APART:
            families.setdefault(offer.family, []).append(offer)
    for family in families.values():
        if len(family) > 1:
            # What decides between offers of which each would do.
            found += family_findings(sorted(family, key=attrgetter("catalog", "provider", "rate")))
    return found


def family_findings(offers: Sequence[Seen]) -> list[Finding]:
    """What the offers of one family say of each other: none of them a variant or a moving name, and in their order."""
    listed = [offer for offer in offers if offer.listed]
    far = [*_far(listed), *_blended(listed)]
    found = [*far, *_zero(listed), *_unknown(listed)]
    told = {frozenset(offer.rate for offer in one.offers) for one in far}
    providers: dict[str, list[Seen]] = {}
    for offer in offers:
        providers.setdefault(offer.provider, []).append(offer)
    providers.pop("", None)
    for own in providers.values():
        if len(own) > 1:
            plain = [offer for offer in own if not offer.apart]
            by_price = [*_disagree(plain), *_twice(plain)]
            found += [one for one in by_price if frozenset(offer.rate for offer in one.offers[:2]) not in told]
            found += [*_contexts(own), *_lifecycles(plain)]
    return found


def _far(offers: Sequence[Seen]) -> Iterator[Finding]:
    """Prices far from the median, one finding for each offer; of two prices alone those with different units."""
    worst: dict[int, Finding] = {}
    for component, price_of in PRICES.items():
        priced = sorted((offer for offer in offers if price_of(offer)), key=price_of)
        if len(priced) < 2 or price_of(priced[-1]) < FAR_TIMES * price_of(priced[0]):
            continue
        if len(priced) < MEDIAN_OF:
            low, high = priced
            figures = price_of(high), price_of(low)
            if differ(*figures, UNIT_TIMES * 100):
                _keep(worst, Finding(Kind.UNIT, HIGH, (high, low), figures, component, times(*figures)))
            continue
        typical = priced[(len(priced) - 1) // 2]
        for offer in priced:
            figures = price_of(offer), price_of(typical)
            if differ(*figures, FAR_TIMES * 100):
                kind, severity = (Kind.UNIT, HIGH) if differ(*figures, UNIT_TIMES * 100) else (Kind.FAR, MEDIUM)
                _keep(
                    worst,
                    Finding(kind, severity, (offer, typical), figures, component, times(*figures), among=len(priced)),
                )
    yield from worst.values()


def _keep(worst: dict[int, Finding], found: Finding) -> None:
    """Of what is found of an offer's input and output keep what is farther off."""
    offer = found.offers[0].rate
    if offer not in worst or worst[offer].ratio < found.ratio:
        worst[offer] = found


def _blended(offers: Sequence[Seen]) -> Iterator[Finding]:
    """One price for all tokens lies between input and output, or near it."""
    blended = [offer for offer in offers if offer.blended]
    if not blended:
        return
    inputs = [offer for offer in offers if offer.input]
    outputs = [offer for offer in offers if offer.output]
    if not (inputs and outputs):
        return
    lowest = min(inputs, key=lambda offer: offer.input or 0)
    highest = max(outputs, key=lambda offer: offer.output or 0)
    for offer in blended:
        price, low, high = offer.blended or 0, lowest.input or 0, highest.output or 0
        if price >= high * UNIT_TIMES:
            figures = (price, high)
            yield Finding(Kind.UNIT, HIGH, (offer, highest), figures, "blended", times(*figures))
        elif price * UNIT_TIMES <= low:
            yield Finding(Kind.UNIT, HIGH, (offer, lowest), (price, low), "blended", times(price, low))


def _zero(offers: Sequence[Seen]) -> Iterator[Finding]:
    zeros = [offer for offer in offers if offer.state in ZEROS]
    if not zeros:
        return
    paid = [offer for offer in offers if offer.state == PriceState.PRICED and (offer.input or offer.blended)]
    others = []
    for offer in zeros:
        same = [
            one for one in paid if offer.provider and one.provider == offer.provider and one.catalog != offer.catalog
        ]
        if same:
            least = min(same, key=_price)
            yield Finding(Kind.ZERO, HIGH, (offer, least), (0, _price(least)), "same")
        elif offer.state == PriceState.ZERO_UNCONFIRMED:
            others.append(offer)
    if others and paid:
        least = min(paid, key=_price)
        yield Finding(Kind.ZERO, LOW, (*others, least), (0, _price(least)), among=len(paid))


def _price(offer: Seen) -> int:
    """What stands for the price of an offer that has one."""
    return offer.input or offer.blended or 0


def _unknown(offers: Sequence[Seen]) -> Iterator[Finding]:
    missing = [offer for offer in offers if offer.state == PriceState.UNKNOWN]
    if not missing:
        return
    priced = [offer for offer in offers if offer.state == PriceState.PRICED and _price(offer)]
    known = {offer.catalog for offer in offers if offer.state != PriceState.UNKNOWN}
    for own in by_catalog(missing):
        elsewhere = [offer for offer in priced if offer.catalog != own[0].catalog]
        providers = {offer.provider for offer in own if offer.provider}
        same = [offer for offer in elsewhere if offer.provider in providers]
        if same:
            told = min(same, key=_price)
            offer = next(one for one in own if one.provider == told.provider)
        elif elsewhere and own[0].catalog not in known:
            offer, told = own[0], min(elsewhere, key=_price)
        else:
            continue
        yield Finding(Kind.UNKNOWN, LOW, (offer, told), (told.input, told.output, told.blended))


def _priced(offers: Iterable[Seen]) -> list[Seen]:
    return [offer for offer in offers if offer.listed and offer.input and offer.output]


def _gap(one: Seen, other: Seen) -> tuple[float, str]:
    """The price in which two offers differ most, and how many times."""
    return max((times(price_of(one), price_of(other)), name) for name, price_of in PRICES.items())


def _disagree(offers: Sequence[Seen]) -> Iterator[Finding]:
    """The two catalogs farthest apart in the prices of one provider; where each lists several, by their nearest."""
    priced = _priced(offers)
    nearest = [
        min(((one, other) for one in ours for other in theirs), key=lambda pair: _gap(*pair)[0])
        for ours, theirs in combinations(by_catalog(priced), 2)
    ]
    if nearest:
        pair = max(nearest, key=lambda pair: _gap(*pair)[0])
        ratio, component = _gap(*pair)
        yield from _apart(Kind.DISAGREE, HIGH, pair, component, ratio, priced)


def _twice(offers: Sequence[Seen]) -> Iterator[Finding]:
    """The two offers farthest apart of those that one catalog lists of one provider."""
    for own in by_catalog(_priced(offers)):
        if len(own) > 1:
            pair = max(combinations(own, 2), key=lambda pair: _gap(*pair)[0])
            ratio, component = _gap(*pair)
            yield from _apart(Kind.TWICE, MEDIUM, pair, component, ratio)


def _contexts(offers: Sequence[Seen]) -> Iterator[Finding]:
    """The two catalogs that are farthest apart in the context windows of one provider."""
    known = [offer for offer in offers if offer.listed and offer.context and offer.apart in (0, REGION)]
    largest = [max(own, key=CONTEXT) for own in by_catalog(known)]
    if len(largest) > 1:
        pair = max(largest, key=CONTEXT), min(largest, key=CONTEXT)
        yield from _apart(Kind.CONTEXT, MEDIUM, pair, "context", times(*map(CONTEXT, pair)), largest)


def _apart(
    kind: Kind, most: int, pair: tuple[Seen, Seen], component: str, ratio: float, offers: Sequence[Seen] = ()
) -> Iterator[Finding]:
    """That the two differ, of severity ``most`` at most; told with them is who of ``offers`` says the same as one."""
    value_of = attrgetter(component)
    low, high = sorted(pair, key=value_of)
    figures = value_of(high), value_of(low)
    if differ(*figures):
        told = {offer.catalog: offer for offer in reversed(offers) if value_of(offer) in figures}
        agreeing = [offer for catalog, offer in told.items() if catalog not in (low.catalog, high.catalog)]
        found = (high, low, *sorted(agreeing, key=attrgetter("catalog")))
        yield Finding(kind, min(most, severity_of(*figures)), found, figures, component, ratio)


def _lifecycles(offers: Sequence[Seen]) -> Iterator[Finding]:
    listed = [offer for offer in offers if offer.listed]
    for own in by_catalog(offer for offer in offers if not offer.listed):
        still = next((offer for offer in listed if offer.catalog != own[0].catalog), None)
        if still and not any(offer.catalog == own[0].catalog for offer in listed):
            yield Finding(Kind.LIFECYCLE, LOW, (own[0], still), ())
