"""A workload is read from an address, and the same one is written into it."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.presets import PRESETS
from catalog.pricing.workload import Workload
from dashboard.forms.workload import parameters_of, read_workload

CODING = PRESETS["coding"].workload


def read(query, **options):
    return read_workload(QueryDict(query), **options)


def address(parameters):
    made = QueryDict(mutable=True)
    for name, values in parameters.items():
        made.setlist(name, values)
    return made.urlencode()


def test_an_address_without_one_has_none_or_the_page_s_own():
    assert read("") == read("sort=-input&mode=batch")
    assert (read("").workload, read("").parameters, read("").problems) == (None, {}, ())
    own = read("", default="coding")
    assert (own.preset, own.workload, own.parameters) == ("coding", CODING, {"preset": ["coding"]})
    assert own.texts == {
        "n": "40,000",
        "tin": "120,000",
        "read": "80%",
        "write": "6%",
        "tout": "2,500",
        "mode": "standard",
    }
    assert own.summary == (
        "Coding agent: 40,000 requests a month, 120K in (96K from the cache, 7.2K written to it), 2.5K out"
    )


@pytest.mark.parametrize(
    ("query", "read_tokens", "written"),
    [
        ("read=80%25&write=6%25", 80_000, 6_000),
        ("read=80000&write=6%25", 80_000, 6_000),
        ("read=80k&write=6,000", 80_000, 6_000),
        ("read=33.3333%25&write=66.6667%25", 33_333, 66_667),
        ("read=&write=", 0, 0),
        ("", 0, 0),
    ],
)
def test_cached_parts_are_shares_or_tokens(query, read_tokens, written):
    found = read(f"n=1k&tin=100,000&tout=0&{query}")
    assert found.workload == Workload(1_000, 100_000, 0, read_tokens, written)


def test_what_was_a_share_stays_one_and_tokens_stay_tokens():
    found = read("n=1000&tin=100000&tout=5&read=80+%25&write=6000")
    assert (found.texts["read"], found.texts["write"]) == ("80%", "6,000")
    wanted = {"n": ["1000"], "tin": ["100000"], "tout": ["5"], "read": ["80%"], "write": ["6000"]}
    assert found.parameters == wanted
    assert (found.preset, found.name) == ("", "My own numbers")


def test_numbers_beside_a_preset_take_the_place_of_its_own():
    found = read("preset=coding&n=5&tout=")
    assert found.workload == Workload(5, 120_000, 2_500, 96_000, 7_200)
    assert found.parameters == {"n": ["5"], "tin": ["120000"], "read": ["80%"], "write": ["6%"], "tout": ["2500"]}


def test_numbers_have_a_mode_of_their_own_beside_the_one_that_is_shown():
    numbers = "n=1&tin=1&tout=1"
    own = read(f"{numbers}&wmode=batch")
    assert own.workload.mode == read(address(own.parameters)).workload.mode == "batch"
    assert own.parameters["wmode"] == ["batch"]
    assert read(f"{numbers}&wmode=batch&mode=priority").workload.mode == "priority"
    assert read("wmode=batch").workload is None


def test_another_preset_chosen_in_a_form_brings_its_own_numbers():
    form = "n=40,000&tin=120,000&read=80%25&write=6%25&tout=2,500&mode=standard"
    assert read(f"preset=chat&was=coding&{form}").workload == PRESETS["chat"].workload
    assert read(f"preset=coding&was=coding&{form}").preset == "coding"
    changed = read(f"preset=coding&was=coding&{form.replace('2,500', '100')}")
    assert (changed.preset, changed.workload.output) == ("", 100)
    assert read(f"preset=&was=coding&{form}").preset == "coding"  # the numbers are still the same


def test_a_mode_is_one_that_offers_have():
    modes = {"standard", "batch"}
    assert read("preset=coding&mode=batch", modes=modes).workload.mode == "batch"
    found = read("preset=coding&mode=flux", modes=modes)
    assert (found.workload, found.said_at("mode")) == (None, "There is no mode “flux” here.")
    assert read("preset=coding&mode=flux").workload.mode == "flux"
    # Whether or not a catalog has batch prices, that preset is one for batches.
    assert read("preset=classification", modes={"standard"}).workload is None


@pytest.mark.parametrize(
    ("query", "invalid", "said"),
    [
        ("n=many&tin=5&tout=1", {"n"}, "Requests per month: “many” is not a number such as 40,000 or 40k."),
        ("n=1.5&tin=5&tout=1", {"n"}, "Requests per month: “1.5” is not a number such as 40,000 or 40k."),
        ("n=-1&tin=5&tout=1", {"n"}, "Requests per month: “-1” is not a number such as 40,000 or 40k."),
        ("n=0&tin=5&tout=1", {"n"}, "Requests per month must be from 1 to 1,000,000,000."),
        ("tin=5&tout=1", {"n"}, "Requests per month: a number is needed."),
        ("preset=coding&was=coding&n=&tin=5&read=0&write=0&tout=1", {"n"}, "Requests per month: a number is needed."),
        ("n=1&tin=5&tout=99m", {"tout"}, "Output tokens per request must be from 0 to 10,000,000."),
        (
            "n=1&tin=5&tout=1&read=101%25",
            {"read"},
            "Prompt tokens read from the cache must be from 0 to 100% of the prompt.",
        ),
        (
            "n=1&tin=100&tout=1&read=60%25&write=41%25",
            {"read", "write"},
            "60% read from the cache and 41% written to it are more than the prompt.",
        ),
        (
            "n=1&tin=100&tout=1&read=101",
            {"read", "write", "tin"},
            "101 tokens read from the cache and 0 written to it are more than the 100 of the prompt, which holds both.",
        ),
        (
            "n=1&tin=5&tout=1&read=lots",
            {"read"},
            "Prompt tokens read from the cache: “lots” is not a number such as 80% or 96,000.",
        ),
        ("n=１&tin=5&tout=1", {"n"}, "Requests per month: “１” is not a number such as 40,000 or 40k."),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_kept_there(query, invalid, said):
    found = read(query)
    assert found.workload is None
    assert found.invalid == invalid
    first = found.problems[0].fields[0]
    assert found.said_at(first) == said
    assert all(found.said_at(name) == "" for name in invalid - {first})
    again = read(address(found.parameters))
    assert (again.problems, again.texts) == (found.problems, found.texts)


def test_every_problem_is_told_at_once():
    assert read("n=x&tin=y&tout=z").invalid == {"n", "tin", "tout"}


def test_an_unknown_preset_is_told_and_the_page_s_own_is_there():
    found = read("preset=coffee", default="chat")
    assert (found.preset, found.said_at("preset")) == ("chat", "There is no preset “coffee”.")


def test_a_share_that_was_rounded_with_another_is_written_in_tokens():
    # 244 of 869 is 28.08%, so 28% more would be 244 beside it, and 243 alone.
    wanted = Workload(1, 869, 0, cached_read=244, cache_written=244)
    assert parameters_of(wanted)["write"] == ["244"]
    assert read(address(parameters_of(wanted))).workload == wanted


@given(st.data())
def test_what_is_written_into_an_address_is_read_from_it(data):
    prompt = data.draw(st.integers(1, 10**7))
    cached = data.draw(st.integers(0, prompt))
    wanted = Workload(
        requests=data.draw(st.integers(1, 10**9)),
        prompt=prompt,
        output=data.draw(st.integers(0, 10**7)),
        cached_read=cached,
        cache_written=data.draw(st.integers(0, prompt - cached)),
        mode=data.draw(st.sampled_from(["standard", "batch"])),
    )
    found = read(address(parameters_of(wanted)))
    assert found.workload == wanted
    assert read(address(found.parameters)) == found


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_is_an_address_of_one_word(key):
    assert parameters_of(PRESETS[key].workload) == {"preset": [key]}
    assert read(f"preset={key}").workload == PRESETS[key].workload
