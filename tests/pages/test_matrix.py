"""The catalog matrix as a browser without JavaScript sees it."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from catalog.models import Catalog
from tests.make import DOLLAR, catalog, contract, record, row, sync
from tests.pages.compared import two_catalogs
from tests.pages.test_offers import Table, text
from tests.services.test_matrix import sold

pytestmark = pytest.mark.django_db

PAGE = "/compare/catalogs/"
BOTH = f"{PAGE}?c=alpha&c=beta"
PART = {"HX-Request": "true", "HX-Target": "results"}


def table(response):
    return Table(response.content.decode()).rows


def tabs(response):
    found = re.findall(r'<a href="[^"]*"[^>]*id="tab-[^>]*>([^<]+) <small>([\d,]+)</small>', response.content.decode())
    return {label: int(number.replace(",", "")) for label, number in found}


def models(response):
    return re.findall(r'<div class="model"><(?:a|span) class="name"[^>]*>([^<]*)<', response.content.decode())


@pytest.fixture(autouse=True)
def two():
    return two_catalogs()


class TestRows:
    def test_prices_gaps_and_words(self, client):
        rows = {cells[0]: cells[1:] for cells in table(client.get(BOTH))}
        assert rows == {
            "GPT-4.1 nano OpenAI": [
                "0.40 lowest",
                "3.20 ×8",
                ["Alpha 0.40, Beta 3.20", "8 $2.80"][0],
                "×8 $2.80",
                "name",
            ],
            "GPT-4o OpenAI": ["+1 more 10.00 lowest", "12.50 +25%", "Alpha 10.00, Beta 12.50", "+25% $2.50", "name"],
            "GPT-4.1 OpenAI": ["8.00 =", "8.00 =", "", "same", "name"],
            "GPT-5 OpenAI": ["free lowest", "10.00 paid", "", "free to paid $10.00", "name"],
            "GPT-4.1 mini OpenAI": ["—", "1.60", "", "—", "name"],
        }

    def test_one_price_for_all_tokens_is_told_and_compared_with_nothing(self, client):
        prices = (("Freddy", 3), ("Frida", 2))
        for name, dollars in prices:
            flat = row(input=None, output=None, blended=dollars * DOLLAR)
            sync(catalog(name), record("gpt-4o", name="GPT-4o", rates=(flat,)))
        response = client.get(f"{PAGE}?c=alpha&c=freddy&c=frida&q=gpt-4o")
        ((_, alpha, freddy, frida, *gap, _),) = table(response)
        assert (alpha, freddy, frida) == ("+1 more 10.00", "flat 3.00", "flat 2.00")
        assert gap[-1] == "—"
        assert "flat is one price for all tokens" in text(response)
        assert "flat is" not in text(client.get(BOTH))
        file = client.get("/export/matrix.csv?c=alpha&c=freddy&q=gpt-4o")
        assert "Freddy: One price for all tokens: 3.00 US dollars per 1M" in b"".join(file).decode()

    def test_an_offer_without_a_model_tells_its_one_price_too(self, client):
        flat = row(input=None, output=None, blended=3 * DOLLAR)
        blend = record("house-blend", rates=(flat,), provider="", provider_name="")
        sync(catalog("Freddy"), blend, record("gpt-4o", rates=(flat,)))
        asked = "?c=alpha&c=freddy&tab=unmatched"
        assert [cells[2] for cells in table(client.get(f"{PAGE}{asked}"))] == ["flat 3.00"]
        file = b"".join(client.get(f"/export/matrix.csv{asked}")).decode()
        assert "One price for all tokens: 3.00 US dollars per 1M" in file

    def test_an_asterisk_is_explained_where_there_is_one(self, client):
        words = "* The catalog says 0, which here may also mean that no price is set"
        assert words not in text(client.get(BOTH))
        sync(catalog("Zero"), sold("gpt-4o", 0, name="GPT-4o", price_state="zero_unconfirmed"))
        page = client.get(f"{PAGE}?c=alpha&c=zero")
        assert "0*" in text(page)
        assert words in text(page)

    def test_who_sells_it_stands_under_the_figure_if_not_the_vendor(self, client):
        sync(catalog("Shop"), sold("gpt-4o", 90, name="GPT-4o", provider="azure", provider_name="Azure"))
        cells = table(client.get(f"{PAGE}?c=alpha&c=shop"))[0]
        assert cells[1:3] == ["+1 more 10.00 +11%", "9.00 lowest Azure"]

    def test_what_is_free_and_paid_has_the_widest_gap_and_the_unknown_comes_last(self, client):
        order = ["GPT-5", "GPT-4.1 nano", "GPT-4o", "GPT-4.1", "GPT-4.1 mini"]
        assert models(client.get(BOTH)) == order
        assert models(client.get(f"{BOTH}&sort=gap")) == ["GPT-4.1", "GPT-4o", "GPT-4.1 nano", "GPT-5", "GPT-4.1 mini"]

    def test_sorted_by_model_and_by_each_catalogs_price(self, client):
        assert models(client.get(f"{BOTH}&sort=model")) == [
            "GPT-4.1",
            "GPT-4.1 mini",
            "GPT-4.1 nano",
            "GPT-4o",
            "GPT-5",
        ]
        assert models(client.get(f"{BOTH}&sort=-in:alpha"))[0] == "GPT-4o"
        assert models(client.get(f"{BOTH}&sort=in:beta")) == [
            "GPT-4.1 mini",
            "GPT-4.1 nano",
            "GPT-4.1",
            "GPT-5",
            "GPT-4o",
        ]
        assert 'aria-sort="ascending"' in client.get(f"{BOTH}&sort=in:beta").content.decode()

    def test_gaps_against_a_catalog(self, client):
        rows = {cells[0]: cells[1:] for cells in table(client.get(f"{BOTH}&gap=beta"))}
        assert rows["GPT-4o OpenAI"][:2] == ["+1 more 10.00 lowest −20%", "12.50 ="]
        assert rows["GPT-4o OpenAI"][3] == "−20% $2.50"
        assert rows["GPT-5 OpenAI"][0] == "free lowest −100%"

    def test_a_cell_tells_which_offer_it_is(self, client):
        page = client.get(BOTH).content.decode()
        assert "gpt-4o · OpenAI. 0.00001 US dollars per token. Other offers here: azure/gpt-4o" in page.replace(
            "&#183;", "·"
        )

    def test_input_and_the_workloads_cost(self, client):
        assert {c[0]: c[1] for c in table(client.get(f"{BOTH}&measure=input"))}[
            "GPT-4o OpenAI"
        ] == "+1 more 1.00 lowest"
        # 1,000 requests of 10K in and 1K out: 1,000 × (10K × $1 + 1K × $10 per 1M) = $20 a month
        page = client.get(f"{BOTH}&measure=cost&n=1000&tin=10000&tout=1000")
        assert {c[0]: c[1] for c in table(page)}["GPT-4o OpenAI"] == "+1 more 20.00 lowest"
        assert "Workload cost, US dollars a month" in text(page)

    def test_saving_of_the_active_workload(self, client):
        # Beta above the lowest: nano 2K × (3.2 − 0.4), gpt-4o 2K × 2.5, gpt-5 2K × 10; times 1,000 requests, per 1M
        page = text(client.get(f"{BOTH}&measure=cost&n=1000&tin=10000&tout=1000"))
        assert "Saving a month at the lowest price Beta $30.60 on 4 models" in page
        assert "what the catalog asks above the lowest cost is summed over these models" in page
        # and with another price shown, as long as a workload is in the address
        assert "Beta $30.60 on 4 models" in text(client.get(f"{BOTH}&n=1000&tin=10000&tout=1000"))
        assert "Compare what a workload costs" in text(client.get(BOTH))

    def test_the_summary(self, client):
        page = text(client.get(BOTH))
        assert "Models in two or more 5" in page
        assert "Lowest in a row, alone or with others (not where all ask the same) Alpha 3" in page
        assert "Median gap of the 3 rows with a percentage +25%" in page  # of 0, 25 and 700; free to paid is none


class TestTabs:
    def test_each_with_its_count(self, client):
        assert tabs(client.get(BOTH)) == {
            "In both": 5,
            "Only in Alpha": 1,
            "Only in Beta": 1,
            "Unmatched": 1,
            "Conflicts": 1,
        }

    def test_only_in_one(self, client):
        page = client.get(f"{BOTH}&tab=only:alpha")
        assert table(page) == [["o3 OpenAI", "8.00", "name"]]
        assert "Widest gap" not in text(page)

    def test_three_catalogs_in_all_and_in_some(self, client):
        sync(catalog("Gamma"), sold("gpt-4o", 90, name="GPT-4o"))
        found = client.get(f"{BOTH}&c=gamma")
        assert tabs(found) == {
            "Matched": 5,
            "In all 3": 1,
            "In some": 4,
            "Only in Alpha": 1,
            "Only in Beta": 1,
            "Only in Gamma": 0,
            "Unmatched": 1,
            "Conflicts": 1,
        }
        assert models(client.get(f"{BOTH}&c=gamma&tab=all")) == ["GPT-4o"]
        assert "GPT-4o" not in models(client.get(f"{BOTH}&c=gamma&tab=some"))
        assert "No model is here" in text(client.get(f"{BOTH}&c=gamma&tab=only:gamma"))

    def test_unmatched_and_conflicts_say_why(self, client):
        page = text(client.get(f"{BOTH}&tab=unmatched"))
        assert "House house" in page
        assert "No rule leads from its names to a family." in page
        page = text(client.get(f"{BOTH}&tab=conflicts"))
        assert "Its own ids name different models." in page
        assert "id at the vendor o3 : openai/o3 ." in page
        assert "openai/o3 , openai/gpt-4o" in page
        assert client.get(f"{BOTH}&tab=conflicts").content.decode().count('<a href="/models/openai/o3/">') == 2

    def test_filters_apply_to_all_tabs(self, client):
        page = client.get(f"{BOTH}&q=gpt-4o")
        assert models(page) == ["GPT-4o"]
        assert tabs(page)["Only in Alpha"] == tabs(page)["Unmatched"] == 0
        assert "Nothing of this tab passes the filters." in text(client.get(f"{BOTH}&q=gpt-4o&tab=only:alpha"))

    def test_pages(self, client):
        sync(
            Catalog.objects.get(slug="alpha"),
            *(sold(f"gpt-9.{i}", i + 1) for i in range(30)),
            approve=True,
        )
        page = client.get(f"{BOTH}&tab=only:alpha&per=25&page=2")
        assert "26–30 of 30" in text(page)
        page = client.get(f"{BOTH}&tab=only:alpha&per=25&page=9")
        assert "There is no page 9; this is the last one." in text(page)
        assert "26–30 of 30" in text(page)


class TestAddress:
    def test_without_catalogs_those_with_most_offers_and_links_name_them(self, client):
        for name in ("C", "D", "E", "F", "G"):
            sync(catalog(name), *(record(f"m{i}") for i in range(20 + ord(name))))
        page = client.get(PAGE)
        assert page.status_code == 200
        assert "c=g&amp;c=f&amp;c=e&amp;c=d&amp;c=c&amp;c=beta" in page.content.decode()

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("c=nowhere", "There is no catalog “nowhere” here."),
            ("measure=weight", "There is no measure “weight” here."),
            ("gap=nowhere", "There is no compared catalog “nowhere” here."),
            ("tab=some", "There is no tab “some” here."),
            ("tab=only:nowhere", "There is no tab “only:nowhere” here."),
            ("sort=in:nowhere", "“in:nowhere” is no column to sort by."),
            ("per=7", "7 is no page size"),
            ("provider=nobody", "There is no provider “nobody” here."),
            ("tin=many", "Prompt tokens"),
            ("as_of=tomorrow-ish", "Part of the address was ignored."),
        ],
    )
    def test_what_makes_no_sense_is_ignored_with_a_message(self, client, query, sentence):
        page = client.get(f"{BOTH}&{query}")
        assert page.status_code == 200
        assert sentence in text(page)
        assert len(models(page)) == 5

    def test_six_at_most(self, client):
        for name in ("C", "D", "E", "F", "G"):
            sync(catalog(name), record("m"))
        page = text(client.get(f"{BOTH}&c=c&c=d&c=e&c=f&c=g"))
        assert "6 catalogs are compared at a time; left out: G." in page

    def test_one_catalog_is_nothing_to_compare(self, client):
        page = text(client.get(f"{PAGE}?c=alpha"))
        assert "A comparison takes two catalogs" in page
        Catalog.objects.exclude(slug="alpha").delete()
        assert "There is only Alpha here." in text(client.get(PAGE))
        Catalog.objects.all().delete()
        assert "There is no catalog here yet" in text(client.get(PAGE))

    def test_defaults_of_a_form_without_javascript_are_left_out(self, client):
        sent = client.get(f"{BOTH}&q=&measure=output&gap=&tab=&sort=&per=&min_context=&mode=standard&as_of=")
        assert (sent.status_code, sent["Location"]) == (302, BOTH)

    def test_impossible_workload(self, client):
        page = text(client.get(f"{BOTH}&measure=cost&tin=many&tout=5&n=5"))
        assert "These numbers are no workload" in page

    def test_the_part_for_htmx(self, client):
        page = client.get(f"{BOTH}&sort=model", headers=PART)
        assert page["HX-Push-Url"] == f"{BOTH}&sort=model"
        assert "<html" not in page.content.decode()
        assert 'id="gap-to" hx-swap-oob="true"' in page.content.decode()

    def test_it_is_not_sent_again_until_something_changes(self, client):
        etag = client.get(BOTH)["ETag"]
        assert client.get(BOTH, headers={"If-None-Match": etag}).status_code == 304
        sync(Catalog.objects.get(slug="alpha"), sold("gpt-4o", 50, name="GPT-4o"), approve=True)
        assert client.get(BOTH, headers={"If-None-Match": etag}).status_code == 200

    def test_as_of_a_moment(self, client):
        moment = f"{timezone.now().replace(tzinfo=None).isoformat()}Z"
        sync(Catalog.objects.get(slug="alpha"), sold("gpt-4o", 50, name="GPT-4o"), approve=True)
        assert {cells[0]: cells[1] for cells in table(client.get(BOTH))}["GPT-4o OpenAI"] == "5.00 lowest"
        page = client.get(f"{BOTH}&as_of={moment}")
        assert "Prices as of " in text(page)
        assert "Back to now" in text(page)
        assert {cells[0]: cells[1] for cells in table(page)}["GPT-4o OpenAI"] == "+1 more 10.00 lowest"
        assert re.search(r'href="/offers/\d+/\?as_of=', page.content.decode())
        assert models(client.get(f"{BOTH}&as_of=2000-01-01")) == []


class TestContracts:
    def test_gaps_go_by_contract_prices(self, client, two):
        contract(two[1], change=-5_000)
        rows = {cells[0]: cells[1:] for cells in table(client.get(BOTH))}
        assert rows["GPT-4o OpenAI"][1].startswith("6.25 lowest")


class TestWhoSeesWhat:
    def test_two_organizations_of_a_kind_show_what_one_key_sees_that_the_other_does_not(self, client):
        for name, refs in (("North", ["gpt-4o", "o3", "gpt-4.1"]), ("South", ["gpt-4o", "o3", "gpt-5"])):
            made = catalog(name, kind="fixed", organization=f"org-{name.lower()}")
            sync(made, *(sold(ref, 50, name=ref) for ref in refs))
        page = client.get(f"{PAGE}?c=north&c=south")
        assert tabs(page) == {"In both": 2, "Only in North": 1, "Only in South": 1, "Unmatched": 0, "Conflicts": 0}
        assert models(client.get(f"{PAGE}?c=north&c=south&tab=only:north")) == ["gpt-4.1"]
        assert models(client.get(f"{PAGE}?c=north&c=south&tab=only:south")) == ["gpt-5"]

    def test_a_catalog_out_of_sight_is_none_in_any_count_or_word(self, client):
        inner = catalog("Inner", visibility="groups")
        inner.groups.set([Group.objects.create(name="team")])
        before = {
            path: text(client.get(path)) for path in (PAGE, BOTH, f"{BOTH}&tab=conflicts", f"{BOTH}&tab=only:alpha")
        }
        sync(
            inner,
            sold("o3", 1, name="Secret o3"),
            sold("gpt-4o", 1, name="Secret"),
            *(sold(f"x{i}", 1) for i in range(9)),
        )
        for path, was in before.items():
            assert text(client.get(path)) == was
        hidden, nowhere = (client.get(f"{BOTH}&c={slug}").content.decode() for slug in ("inner", "nowhere"))
        assert "There is no catalog “inner” here." in hidden
        strip = re.compile(r"inner|nowhere|name=\"csrfmiddlewaretoken\" value=\"\w+\"")
        assert strip.sub("", hidden) == strip.sub("", nowhere)

    @pytest.mark.parametrize("number", [1, 50])
    @pytest.mark.parametrize(
        ("query", "queries"),
        [
            ("", 8),  # session, user, catalogs, groups, states, names, which offers, the offers
            ("&tab=unmatched", 7),  # the offers, in the place of both
            ("&measure=cost", 8),
            ("&preset=coding", 11),  # the groups, states and names by cost too
            ("&q=m", 9),  # and a count of the facets
        ],
    )
    def test_queries_whatever_the_rows(self, django_assert_num_queries, number, query, queries):
        for name in ("Alpha", "Beta"):
            made = Catalog.objects.get(slug=name.lower())
            sync(
                made,
                *(sold(f"gpt-4.{i}-m", 10, name=f"M {i}") for i in range(number)),
                *(
                    sold(f"m {name} house {i}", 10, name=f"m {name} house {i}", provider="", provider_name="")
                    for i in range(number)
                ),
                approve=True,
            )
        member = Client()
        member.force_login(User.objects.create_user("member"))
        with django_assert_num_queries(queries):
            assert member.get(f"{BOTH}{query}").status_code == 200
