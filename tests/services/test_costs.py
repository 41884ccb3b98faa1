"""The ranking: memory, SQL and `pricing.cost` agree on every offer, on either database."""

import random
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone

from catalog.filters import OfferFilter
from catalog.models import Catalog, Offer, Rate, Revision
from catalog.pricing.cost import EXCLUDED, Cost, Limits, Reason, cost
from catalog.pricing.flat import CODES
from catalog.pricing.presets import PRESETS
from catalog.pricing.rates import PriceState, RateRow, Tiered, tier_rows
from catalog.pricing.workload import MOST_REQUESTS, MOST_TOKENS, Workload
from catalog.services.costs import PRICES, Counts, breakdown
from catalog.services.facets import stored_counts
from catalog.sources.base import Fetched, Setup
from catalog.sources.reference import ReferenceSource
from catalog.sources.saved import FileDoor
from catalog.sync.run import sync_catalog
from tests.make import DOLLAR, FixedSource, catalog, record, row, sync
from tests.services.rankings import by_sql, counted, ranked, whole_of

pytestmark = pytest.mark.django_db

ALL = 10**6
EVERY = "lifecycle=active&lifecycle=deprecated&lifecycle=preview"
WHOLE_DAY = datetime(2026, 11, 22, 20, tzinfo=UTC)
EDGES = (1, 10, 32_000, 128_000, 200_000, 256_000, 272_000, 1_000_000)
MODES = ("standard", "standard", "batch", "flex", "priority", "nowhere")


def offers(query=""):
    catalogs = list(Catalog.objects.all())
    allowed = stored_counts(catalogs).values
    ids = {one.slug: one.pk for one in catalogs}
    return OfferFilter(QueryDict(query), Rate.objects.all(), allowed=allowed, catalog_ids=ids)


def workload(**fields):
    return Workload(**{"requests": 1_000, "prompt": 1_000, "output": 100, **fields})


def drawn(dice):
    """A workload near a threshold or anywhere, with cached parts or without."""
    prompt = dice.choice([dice.choice(EDGES) + dice.randint(-1, 1), dice.randint(1, 2_000_000), MOST_TOKENS])
    prompt = max(1, prompt)
    read = dice.choice([0, prompt, dice.randint(0, prompt)])
    written = dice.choice([0, prompt - read, dice.randint(0, prompt - read)])
    output = dice.choice([0, 1, dice.randint(0, 200_000), MOST_TOKENS])
    return Workload(dice.choice([1, MOST_REQUESTS]), prompt, output, read, written, dice.choice(MODES))


def odd_offers():
    """What the reference catalog does not have: other states, blended and request prices, limits, gaps, extremes."""
    for number, state in enumerate(PriceState):
        for i, prices in enumerate(
            [
                {},
                {"input": 0},
                {"output": 0},
                {"input": 0, "output": 0},
                {"input": None, "output": None},
                {"input": None},
                {"output": None},
                {"input": None, "cache_read": 7, "cache_write": 0},
                {"cache_read": 3},
                {"cache_write": 5},
                {"input": 9, "output": 9, "blended": 9},
                {"input": 0, "output": 0, "blended": 0},
                {"input": 0, "output": 0, "request": 5},
                {"request": 5 * 10**9},
                dict.fromkeys(("input", "output", "cache_read", "cache_write"), 10**11) | {"request": 10**16},
            ]
        ):
            limits = [{}, {"max_input_tokens": 200_000}, {"max_output_tokens": 1_000}][(number + i) % 3]
            yield record(f"odd-{state}-{i}", rates=(row(**prices),), price_state=state, context_tokens=None, **limits)
    tiers = {"input": Tiered(1, {200_000: 2, 256_000: 3}), "output": Tiered(4, {200_000: 5})}
    batch = tier_rows("batch", {"input": Tiered(1, {128_000: 2}), "output": Tiered(2, {})}, inherited=["output"])
    yield record("tiers", rates=(*tier_rows("standard", tiers), *batch), context_tokens=300_000)


@pytest.fixture
def _everything(db):
    reference = catalog("Reference")
    FixedSource.answer = Fetched(ReferenceSource(Setup()).fetch(FileDoor("", b""), WHOLE_DAY).offers, read_from="fixed")
    sync_catalog(reference)
    sync(catalog("Odd"), *odd_offers())


def stored():
    """What `cost` needs to know of every current offer."""
    found = {}
    for revision in Revision.objects.filter(valid_to=None).prefetch_related("rates"):
        rates = [
            RateRow(**{name: getattr(rate, name) for name in PRICES}, inherited=tuple(rate.inherited.split()))
            for rate in revision.rates.all()
        ]
        sizes = Limits(revision.context_tokens, revision.max_input_tokens, revision.max_output_tokens)
        found[revision.offer_id] = (rates, PriceState(revision.price_state), sizes)
    return found


def order(line):
    return line.per_request is None, line.per_request or 0, line.reason in EXCLUDED


@pytest.mark.usefixtures("_everything")
def test_sql_memory_and_python_agree_on_every_offer_over_hundreds_of_workloads():
    dice = random.Random(20261122)  # noqa: S311 (the same workloads each time, no secret)
    seen = set()
    listed = offers(EVERY)
    known = stored()
    offer_of = dict(Rate.objects.values_list("pk", "offer_id"))
    for number in range(300):
        chosen = drawn(dice)
        python = {
            offer: cost(rates, chosen, state=state, limits=sizes) for offer, (rates, state, sizes) in known.items()
        }
        sql = by_sql(listed, chosen)
        assert sql == {
            offer: (own.per_request, None) if isinstance(own, Cost) else (None, own) for offer, own in python.items()
        }, chosen
        made = whole_of(listed, chosen)
        memory = dict(zip((offer_of[made.rates[place]] for place in made.order), made.outcomes, strict=True))
        assert memory == {
            offer: CODES[reason] if per_request is None else per_request for offer, (per_request, reason) in sql.items()
        }, chosen
        seen.update(reason for _, reason in sql.values())
        if number % 10:
            continue
        lines = ranked(listed, chosen, with_excluded=True)
        assert {line.offer.offer_id: (line.per_request, line.reason) for line in lines} == sql
        for line in lines:
            own = python[line.offer.offer_id]
            if isinstance(own, Cost):
                assert (line.per_month, line.above) == (own.per_month, own.above), (line, chosen)
        assert sorted(lines, key=order) == lines
        assert made.counts == counted(lines)
        assert ranked(listed, chosen) == [line for line in lines if line.reason not in EXCLUDED]
    assert seen == {None, *Reason}


@pytest.fixture
def _few(db):
    sync(
        catalog(),
        record("dear", rates=(row(input=20 * DOLLAR),)),
        record("cheap", rates=(row(), row(mode="batch", input=DOLLAR, output=4 * DOLLAR))),
        record("alike", rates=(row(),)),
        record("small", context_tokens=999),
        record("varies", price_state=PriceState.VARIABLE, rates=(row(input=None, output=None),)),
        record("half known", rates=(row(output=None),)),
        record("free", price_state=PriceState.FREE, rates=(row(input=0, output=0),)),
        record("zero", price_state=PriceState.ZERO_UNCONFIRMED, rates=(row(input=0, output=0),)),
    )


def refs(lines):
    return [line.offer.ref for line in lines]


@pytest.mark.usefixtures("_few")
def test_the_cheapest_comes_first_and_what_is_not_known_last():
    lines = ranked(offers(), workload())
    assert refs(lines) == ["free", "alike", "cheap", "dear", "half known", "varies", "zero"]
    # 1,000 tokens at $2 and 100 at $8 per 1M are $0.0028; a thousand of those $2.80.
    assert (lines[1].per_request, lines[1].per_month) == (2_800_000_000, 2_800_000_000_000)
    assert [line.reason for line in lines[-3:]] == ["no_output_price", "variable", "zero_unconfirmed"]


@pytest.mark.usefixtures("_few")
def test_what_cannot_do_it_is_counted_and_can_be_asked_for():
    batch = workload(mode="batch")
    assert refs(ranked(offers(), batch)) == ["cheap"]
    assert whole_of(offers(), batch).counts == Counts(1, {}, {Reason.NOT_OFFERED: 7})
    assert whole_of(offers(), workload()).counts.excluded == {Reason.PROMPT_TOO_LARGE: 1}
    assert refs(ranked(offers(), workload(), with_excluded=True))[-2:] == ["zero", "small"]


@pytest.mark.usefixtures("_few")
def test_the_filters_of_the_offers_page_apply_and_mode_and_prompt_are_the_workloads():
    assert refs(ranked(offers("max_in=5&state=priced&mode=batch&prompt=5"), workload())) == [
        "alike",
        "cheap",
        "half known",
    ]
    assert refs(ranked(offers("q=cheap"), workload())) == ["cheap"]
    assert whole_of(offers("q=cheap"), workload()).counts == Counts(1, {}, {})


@pytest.mark.usefixtures("_few")
def test_a_ranking_of_a_past_day_has_the_prices_of_that_day():
    before = timezone.now()
    sync(Catalog.objects.get(), record("dear", rates=(row(input=DOLLAR),)), approve=True)
    assert refs(ranked(offers(), workload()))[0] == "dear"
    (now,) = breakdown([Offer.objects.get(ref="dear").pk], workload()).values()
    (then,) = breakdown([Offer.objects.get(ref="dear").pk], workload(), before).values()
    assert (now.lines[0].rate, then.lines[0].rate) == (DOLLAR, 20 * DOLLAR)
    asked = urlencode({"as_of": before.isoformat()})
    assert refs(ranked(offers(asked), workload()))[:4] == ["free", "alike", "cheap", "dear"]


@pytest.mark.usefixtures("_few")
def test_the_sums_of_a_page_are_one_query(django_assert_num_queries):
    for lines in (ranked(offers(), workload())[:1], ranked(offers(), workload())):
        with django_assert_num_queries(1):
            breakdown([line.offer.offer_id for line in lines], workload())


@pytest.mark.usefixtures("_few")
def test_the_sums_of_a_page_say_what_its_rows_say():
    batch = workload(mode="batch")
    lines = ranked(offers(), batch, with_excluded=True)
    sums = breakdown([line.offer.offer_id for line in lines], batch)
    assert [sums[line.offer.offer_id] for line in lines[1:]] == [Reason.NOT_OFFERED] * 7
    assert sums[lines[0].offer.offer_id].per_month == lines[0].per_month == 1_400_000_000_000


@pytest.mark.usefixtures("_everything")
def test_every_preset_ranks_offers_that_cost_something():
    for preset in PRESETS.values():
        lines = ranked(offers("lifecycle=active"), preset.workload)
        assert sum(line.reason is None for line in lines) > 50, preset
