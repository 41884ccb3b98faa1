"""Workloads: what cannot be is refused by the names of its fields; shares and tokens are the same thing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.presets import PRESETS
from catalog.pricing.shares import Shares, cached_tokens, shares_of
from catalog.pricing.workload import MOST_PICO_PER_REQUEST, MOST_REQUESTS, MOST_TOKENS, Workload, WorkloadError


@st.composite
def workloads(draw, most=MOST_TOKENS):
    """Any workload with a prompt of up to ``most`` tokens."""
    prompt = draw(st.integers(1, most))
    read = draw(st.integers(0, prompt))
    written = draw(st.integers(0, prompt - read))
    output = draw(st.integers(0, MOST_TOKENS))
    return Workload(draw(st.integers(1, MOST_REQUESTS)), prompt, output, read, written)


def fields_of(**fields):
    with pytest.raises(WorkloadError) as refused:
        Workload(**{"requests": 10, "prompt": 100, "output": 5, **fields})
    assert all(problem.sentence.endswith(".") for problem in refused.value.problems)
    return [problem.fields for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"requests": 0}, [("requests",)]),
        ({"requests": MOST_REQUESTS + 1}, [("requests",)]),
        ({"prompt": 0}, [("prompt",)]),
        ({"prompt": MOST_TOKENS + 1}, [("prompt",)]),
        ({"output": -1}, [("output",)]),
        ({"output": 1.5}, [("output",)]),
        ({"prompt": True}, [("prompt",)]),
        ({"cached_read": -1, "cache_written": -1}, [("cached_read",), ("cache_written",)]),
        ({"cached_read": 60, "cache_written": 41}, [("cached_read", "cache_written", "prompt")]),
        ({"mode": ""}, [("mode",)]),
        ({"mode": "m" * 61}, [("mode",)]),
        ({"mode": "ba\0tch"}, [("mode",)]),
    ],
)
def test_what_cannot_be_names_its_fields(fields, named):
    assert fields_of(**fields) == named


def test_more_cached_than_the_prompt_holds_says_both_numbers():
    with pytest.raises(
        WorkloadError, match=r"^60 tokens read from the cache and 41 written to it are more than the 100"
    ):
        Workload(requests=1, prompt=100, output=0, cached_read=60, cache_written=41)


def test_the_bounds_themselves_are_possible():
    assert Workload(MOST_REQUESTS, MOST_TOKENS, MOST_TOKENS, MOST_TOKENS).uncached == 0
    assert Workload(1, 100, 0, 60, 40).uncached == 0


def test_the_dearest_request_fits_the_integers_of_databases():
    assert MOST_PICO_PER_REQUEST < 2**63


def test_presets_are_what_they_are_called():
    assert PRESETS["classification"].workload.mode == "batch"
    assert PRESETS["long"].workload.prompt > 200_000
    coding = PRESETS["coding"].workload
    assert shares_of(coding) == Shares(Decimal(80), Decimal(6))
    assert len({preset.name for preset in PRESETS.values()}) == len(PRESETS) == 6


def test_shares_of_a_prompt():
    assert cached_tokens(120_000, Shares(Decimal(80), Decimal(6))) == (96_000, 7_200)
    assert cached_tokens(3, Shares(Decimal(50), Decimal(50))) == (2, 1)
    assert cached_tokens(3, Shares(Decimal("33.4"), Decimal(0))) == (1, 0)


def test_shares_have_no_more_decimals_than_it_takes():
    assert shares_of(Workload(1, 3, 0, 1, 2)) == Shares(Decimal(33), Decimal(67))
    assert shares_of(Workload(1, 1_000, 0, 125)) == Shares(Decimal("12.5"), Decimal(0))


@given(workloads() | workloads(most=20))
def test_tokens_to_shares_and_back_keeps_every_token(workload):
    shares = shares_of(workload)
    assert cached_tokens(workload.prompt, shares) == (workload.cached_read, workload.cache_written)
    assert sum(shares) <= 100


percents = st.decimals(0, 100, places=2)


@given(st.integers(1, MOST_TOKENS), percents, percents)
def test_shares_of_up_to_all_of_a_prompt_never_make_more_than_it_holds(prompt, read, written):
    if read + written <= 100:
        tokens = cached_tokens(prompt, Shares(read, written))
        assert min(tokens) >= 0
        assert sum(tokens) <= prompt


@pytest.mark.parametrize(
    ("read", "written", "named"),
    [
        ("-1", "0", [("cached_read",)]),
        ("0", "100.1", [("cache_written",)]),
        ("NaN", "Infinity", [("cached_read",), ("cache_written",)]),
        ("60", "40.01", [("cached_read", "cache_written")]),
    ],
)
def test_impossible_shares_name_their_fields(read, written, named):
    with pytest.raises(WorkloadError) as refused:
        cached_tokens(100, Shares(Decimal(read), Decimal(written)))
    assert [problem.fields for problem in refused.value.problems] == named
