"""The ranking over everything: memory, SQL and `pricing.cost` agree on every offer, on either database."""

import pytest

from catalog.models import Rate, Revision
from catalog.pricing.cost import EXCLUDED, Cost, Limits, Reason, cost
from catalog.pricing.flat import CODES
from catalog.pricing.presets import PRESETS
from catalog.pricing.rates import PriceState, RateRow
from catalog.services.costs import PRICES
from tests.once import built_once
from tests.services.everything import EVERY, drawn, offers, seeded, store_everything
from tests.services.rankings import by_sql, counted, ranked, whole_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _everything(django_db_setup, django_db_blocker):
    with built_once(django_db_blocker):
        store_everything()
        yield


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


def test_sql_memory_and_python_agree_on_every_offer_over_hundreds_of_workloads():
    dice = seeded(20261122)
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


def test_every_preset_ranks_offers_that_cost_something():
    for preset in PRESETS.values():
        lines = ranked(offers("lifecycle=active"), preset.workload)
        assert sum(line.reason is None for line in lines) > 50, preset
