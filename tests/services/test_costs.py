"""The ranking: memory, SQL and `pricing.cost` agree on every offer, on either database."""

from urllib.parse import urlencode

import pytest
from django.utils import timezone

from catalog.models import Catalog, Offer
from catalog.pricing.cost import Reason
from catalog.pricing.rates import PriceState
from catalog.pricing.workload import Workload
from catalog.services.costs import Counts, breakdown
from tests.make import DOLLAR, catalog, record, row, sync
from tests.services.everything import offers
from tests.services.rankings import ranked, whole_of

pytestmark = pytest.mark.django_db


def workload(**fields):
    return Workload(**{"requests": 1_000, "prompt": 1_000, "output": 100, **fields})


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
