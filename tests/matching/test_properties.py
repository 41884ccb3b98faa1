"""What holds for any name and any set of offers."""

import random

from hypothesis import example, given
from hypothesis import strategies as st

from catalog.matching import Names, match_all, normalised, parse

MODELS = ["claude", "gpt", "qwen", "opus", "sonnet", "mini", "anthropic", "openai", "latest", "preview", "v1", "v2:0"]
OTHERS = ["3", "4.1", "4p7", "0", "8b", "a22b", "fp8", "fast", "20250929", "2024-08-06", "us", "free"]
MARKS = ["-", "_", " ", "/", ".", ":", "@", "~", "", "--"]
names = st.lists(st.sampled_from(MODELS + OTHERS + MARKS), max_size=9).map("".join)
offers = st.lists(
    st.builds(
        Names,
        key=names,
        upstream_ids=st.lists(names, max_size=2).map(tuple),
        provider=st.sampled_from(["openai", "anthropic", "openrouter", "alibaba-cn", "venice", ""]),
    ),
    max_size=8,
)


@given(st.text() | names)
@example("a-2025+04+14")
@example("x20250101-20250101")
@example("claude-4-0-0-opus")
def test_a_normalised_name_stays_as_it_is(raw: str) -> None:
    assert normalised(normalised(raw)) == normalised(raw)


@given(names)
def test_case_and_separators_do_not_matter(raw: str) -> None:
    key = parse(raw).key
    assert parse(raw.upper()).key == key
    assert parse(raw.replace("-", "_")).key == key
    assert parse(raw.replace("-", " ")).key == key


@given(
    st.lists(st.builds(Names, st.text(), st.lists(st.text(), max_size=2).map(tuple), st.text(), st.text(), st.text()))
)
def test_any_text_can_be_matched(some: list[Names]) -> None:
    assert len(match_all(some)) == len(some)


@given(offers, st.randoms(use_true_random=False))
def test_the_order_of_offers_does_not_matter(some: list[Names], chance: random.Random) -> None:
    mixed = chance.sample(range(len(some)), len(some))
    matches = match_all(some)
    assert match_all([some[at] for at in mixed]) == [matches[at] for at in mixed]


@given(offers, offers)
def test_a_reviewed_name_is_never_moved_by_new_offers(some: list[Names], more: list[Names]) -> None:
    reviewed = {normalised(one.key): "vendor/chosen" for one in some if normalised(one.key)}
    alone = [one._replace(upstream_ids=()) for one in some if normalised(one.key)]
    matches = match_all(alone + more, aliases=reviewed)[: len(alone)]
    assert {(one.family, one.state) for one in matches} <= {("vendor/chosen", "manual")}
    assert len(matches) == len(alone)


@given(offers)
def test_only_a_known_state_has_a_family(some: list[Names]) -> None:
    for one in match_all(some):
        assert (one.family is not None) == (one.state in ("certain", "probable"))
        assert one.family not in one.candidates
