"""The comparison as a browser without script sees it: values, which are best, which differ, and the address."""

import re

import pytest

from catalog.models import Offer
from tests.make import catalog, contract, record, row, sync
from tests.pages.compared import three_offers
from tests.pages.test_offers import Table, text

pytestmark = pytest.mark.django_db


def pk(ref):
    return str(Offer.objects.get(ref=ref).pk)


def query(*refs, **more):
    return "&".join([*(f"o={pk(ref)}" for ref in refs), *(f"{name}={value}" for name, value in more.items())])


def page(client, *refs, **more):
    return client.get(f"/compare/?{query(*refs, **more)}")


def rows(response):
    """The cells of each row, by its heading; of a heading that is there again, a list of all."""
    found = {}
    main = response.content.decode().partition("Price history")[0]
    for heading, *cells in Table(main).rows:
        if cells:
            found.setdefault(heading, []).append(cells)
    return {heading: own[0] if len(own) == 1 else own for heading, own in found.items()}


def best(response):
    return re.findall(r'<span class="best">(?:<data[^>]*>)?([^<]*)', response.content.decode())


def headings(response):
    head = response.content.decode().partition("<thead>")[2].partition("</thead>")[0]
    return re.findall(r'class="name"[^>]*>([^<]*)', head)


@pytest.fixture
def _team():
    three_offers()


@pytest.mark.usefixtures("_team")
class TestRows:
    def test_tiers_are_laid_over_each_other(self, client):
        found = rows(page(client, "alpha", "beta"))
        assert found["Input"] == [["2.00", "3.00"], ["2.00", "6.00"], ["4.00", "6.00"]]
        assert found["Output"] == [["8.00", "5.00"], ["8.00", "8.00"], ["8.00*", "8.00"]]
        assert found["Long prompts"] == ["other prices >200K", "other prices >100K"]
        told = text(page(client, "alpha", "beta"))
        assert "prompts up to 100,000 tokens" in told
        assert "prompts of 100,001 to 200,000 tokens" in told
        assert "prompts above 200,000 tokens" in told
        assert "* Not stated for this mode or tier" in told

    def test_another_mode(self, client):
        response = page(client, "alpha", "beta", mode="batch")
        assert rows(response)["Input"] == ["1.00", "Not offered in batch mode"]
        assert best(response) == ["7.5", "1,000,000"]

    def test_another_unit(self, client):
        assert rows(page(client, "alpha", "gamma", unit="1"))["Input"] == [["0.000002", "—"], ["0.000004", "—"]]

    def test_the_best_of_a_row_is_marked_with_ties_where_there_is_a_choice(self, client):
        response = page(client, "alpha", "gamma", "more-0", "more-1")
        assert rows(response)["Input"] == [["2.00", "—", "2.00", "2.00"], ["4.00", "—", "2.00", "2.00"]]
        assert best(response)[-2:] == ["2.00", "2.00"]  # above 200,000; one price, or one value alone, is no choice
        assert best(page(client, "alpha", "beta")) == [
            *("6,560.00", "0.1640"),
            *("2.00", "5.00"),
            *("2.00",),
            *("4.00",),
            *("7.5", "1,000,000"),
        ]

    def test_every_field(self, client):
        found = rows(page(client, "alpha", "beta"))
        assert found["Context window"] == ["128,000", "1,000,000"]
        assert found["Longest output"] == ["8,000", "—"]
        assert found["Tools"] == ["Yes", "not named"]
        assert found["Vision"] == ["Yes", "Yes"]
        assert found["Takes"] == ["image, text", "—"]
        assert found["Released"] == ["2025-04", "—"]
        assert found["These values since"][0] == "10 Jun 2025"
        assert found["Lifecycle"] == ["active", "active"]
        assert found["What is known"] == ["Priced", "Priced"]
        assert found["Provider"] == ["OpenAI", "OpenAI"]
        assert found["Catalog"] == ["Team", "Team"]
        assert found["Id in the catalog"] == ["alpha", "beta"]
        assert found["Images, per 1,000"] == ["10", "7.5"]
        assert found["Notes"] == ["Checked by hand.", "—"]
        assert found["How it was matched"][0].split(".")[0] in ("Certain", "Probable", "Unmatched")

    def test_what_nobody_tells_is_named_once(self, client):
        response = page(client, "alpha", "beta")
        assert "Longest input" not in rows(response)
        assert "None of their catalogs tells: Cache write, Longest input" in text(response)

    @pytest.mark.parametrize("state", ["zero_unconfirmed", "not_token_priced", "variable", "unknown"])
    def test_a_zero_that_need_not_be_meant_is_never_lowest(self, client, state):
        sync(catalog("Other"), record("unsure", rates=(row(input=0, output=0),), price_state=state))
        assert best(page(client, "alpha", "unsure", "beta"))[2:4] == ["2.00", "5.00"]
        assert rows(page(client, "alpha", "unsure"))["Input"][0] == ["2.00", "0*"]

    def test_free_is_lowest(self, client):
        sync(catalog("Other"), record("free", rates=(row(input=0, output=0),), price_state="free"))
        assert best(page(client, "alpha", "free"))[2:4] == ["free", "free"]

    def test_only_rows_that_differ(self, client):
        response = page(client, "alpha", "beta", differing="1")
        found = rows(response)
        assert "Lifecycle" not in found
        assert "Vision" not in found
        assert found["Tools"] == ["Yes", "not named"]
        all_rows = response.content.decode().count("<tr") + int(re.search(r"(\d+) rows? in which", text(response))[1])
        assert all_rows == page(client, "alpha", "beta").content.decode().count("<tr")

    def test_what_a_workload_costs(self, client):
        # 40,000 requests of 120,000 tokens in (96,000 read from the cache, 7,200 written), 2,500 out
        response = page(client, "alpha", "beta", "gamma")
        found = rows(response)
        read, written, fresh, out = 40_000 * 0.096 * 1, 40_000 * 0.0072 * 2, 40_000 * 0.0168 * 2, 40_000 * 0.0025 * 8
        assert (read, written, fresh, out) == pytest.approx((3_840, 576, 1_344, 800))
        why = "Neither the input nor the output price is known."
        assert found["Total"] == ["6,560.00", "29,600.00", why]  # beta: 4,800M tokens at 6, 100M at 8
        assert found["For cache read"] == ["3,840.00", "23,040.00", "—"]
        assert found["For output"] == ["800.00", "800.00", "—"]
        assert found["One request"] == ["0.1640", "0.7400", "—"]
        told = text(response)
        assert "alpha: cache read 3,840.00, cache write 576.00, input 1,344.00, output 800.00" in told
        assert "gamma: cache read" not in told

    def test_another_workload(self, client):
        response = page(client, "alpha", "beta", preset="classification")
        assert rows(response)["Total"] == ["640.00", "It is not offered in this mode."]
        assert rows(response)["Input"][0] == ["2.00", "3.00"]  # the prices stay those of the standard mode
        own = page(client, "alpha", "beta", n="10", tin="1m", tout="0")
        assert rows(own)["Total"] == ["The prompt is larger than it can read.", "60.00"]
        assert "preset “nothing”" in text(page(client, "alpha", "beta", preset="nothing"))

    def test_our_price_over_the_list_price(self, client):
        team = Offer.objects.get(ref="alpha").catalog
        contract(team, change=-5_000, pattern="alpha", mode="standard", reason="Frame agreement")
        response = page(client, "alpha", "beta")
        found = rows(response)
        assert found["Input"][0] == ["1.00 list 2.00", "3.00"]
        assert found["Output"][0] == ["4.00 list 8.00", "5.00"]  # the contract turns round who is cheapest
        assert best(response)[2:4] == ["1.00", "4.00"]
        assert found["Total"][0] == "3,280.00"
        assert "−50%, Frame agreement" in text(response)
        assert "List prices, without contracts." in text(response)
        assert rows(page(client, "alpha", "beta", mode="batch"))["Input"][0] == "1.00"
        assert rows(page(client, "alpha", "beta", as_of="2025-07-01"))["Input"][0][0] == "2.00"

    def test_as_of(self, client):
        response = page(client, "alpha", "beta", as_of="2025-01-01")
        assert rows(response)["Input"] == ["10.00", "Not on record for that moment"]
        assert rows(response)["Context window"] == ["64,000", "—"]
        assert "not on record" in text(response)
        assert "alpha: 10.00 " in text(response)
        assert "2.00 from" not in text(response)  # that came later

    def test_history_of_all_in_one_table_and_chart(self, client):
        response = page(client, "alpha", "beta")
        told = text(response)
        assert re.search(r"10 Jun 2025 alpha Team 2\.00 8\.00 1\.00 .*not recorded alpha Team 10\.00 8\.00 —", told)
        assert "alpha: 10.00 to 10 Jun 2025" in told
        assert 'aria-label="Input, US dollars per 1M tokens"' in response.content.decode()

    def test_a_retired_offer(self, client):
        team = Offer.objects.get(ref="alpha").catalog
        sync(team, *(record(ref) for ref in ("beta", "gamma")), approve=True)
        response = page(client, "alpha", "beta")
        assert rows(response)["Lifecycle"] == ["retired", "active"]
        assert "no longer on sale" in text(response)


@pytest.mark.usefixtures("_team")
class TestAddress:
    @pytest.mark.parametrize("word", ["%00", "abc%00def", "a" * 201])
    def test_a_search_that_no_database_knows_is_ignored_in_a_sentence(self, client, word):
        response = client.get(f"/compare/?{query('alpha', 'beta')}&add={word}")
        assert response.status_code == 200
        assert "Part of the address was ignored." in text(response)

    def test_columns_are_in_the_order_of_the_address_and_can_be_moved_and_removed(self, client):
        response = page(client, "beta", "alpha", "gamma", unit="1k")
        assert headings(response) == ["beta", "alpha", "gamma"]
        found = re.findall(r'href="([^"]*)" hx-get="[^"]*" aria-label="([^"]*)"', response.content.decode())
        links = {label: href.replace("&amp;", "&") for href, label in found}
        assert "Move beta left" not in links
        assert headings(client.get(links["Move beta right"])) == ["alpha", "beta", "gamma"]
        assert headings(client.get(links["Move gamma left"])) == ["beta", "gamma", "alpha"]
        assert "Move gamma right" not in links
        without = links["Remove alpha, Team"]
        assert without == f"/compare/?{query('beta', 'gamma', unit='1k')}"
        assert headings(client.get(without)) == ["beta", "gamma"]

    def test_a_search_finds_offers_to_add(self, client):
        response = page(client, "alpha", "beta", add="more openai")
        href = re.search(r'href="([^"]*)"[^>]*aria-label="Add more-3, Team"', response.content.decode())[1]
        assert href.replace("&amp;", "&") == f"/compare/?{query('alpha', 'beta', 'more-3')}"
        assert "Add alpha" not in text(page(client, "alpha", "beta", add="alpha"))
        assert "No other offer on sale holds “alpha”" in text(page(client, "alpha", "beta", add="alpha"))

    def test_six_at_most(self, client):
        response = page(client, *(f"more-{number}" for number in range(6)), "alpha", add="beta")
        assert len(headings(response)) == 6
        assert "A comparison is of 6 offers at most; left out: alpha." in text(response)
        assert "as many as fit" in text(response)
        assert "Add beta" not in response.content.decode()

    @pytest.mark.parametrize("gone", ["999999999", "hidden"])
    def test_what_is_not_there_and_what_may_not_be_seen_are_left_out_alike(self, client, gone):
        sync(catalog("Inner", visibility="members"), record("hidden"))
        gone = pk("hidden") if gone == "hidden" else gone
        response = client.get(f"/compare/?{query('alpha', 'beta')}&o={gone}")
        assert headings(response) == ["alpha", "beta"]
        assert "One of the offers is not in the catalogs that you may see." in text(response)

    def test_nonsense_is_ignored_with_a_message(self, client):
        address = f"/compare/?{query('alpha', 'beta')}&o=x&o=-1&o={'9' * 30}&unit=2&mode=night&as_of=soon"
        told = text(client.get(address))
        for words in ("“x” is no offer", "“-1” is no offer", "“2” is no unit", "mode “night”", "“soon” is not a day"):
            assert words in told
        assert "Compare 2 offers" in told

    def test_what_a_tray_sends_along_is_taken_off(self, client):
        address = f"/compare/?q=gpt&sort=-input&page=2&{query('alpha', 'beta', unit='1k')}&as_of="
        assert client.get(address)["Location"] == f"/compare/?{query('alpha', 'beta', unit='1k')}"

    @pytest.mark.parametrize(
        ("refs", "words"), [((), "Pick offers to compare"), (("alpha",), "One more offer is needed alpha of Team")]
    )
    def test_fewer_than_two(self, client, refs, words):
        response = page(client, *refs)
        assert words in text(response)
        assert "<table" not in response.content.decode()
        assert f'href="/{"?" if refs else ""}{query(*refs)}"' in response.content.decode()

    @pytest.mark.parametrize("many", [2, 6])
    def test_queries(self, client, many, django_assert_num_queries):
        address = f"/compare/?{query('alpha', 'beta', *(f'more-{number}' for number in range(many - 2)))}"
        with django_assert_num_queries(7):  # catalogs; what is picked; offers, revisions, rates, links; costs
            client.get(address)

    def test_304_after_one_query(self, client, django_assert_num_queries):
        address = f"/compare/?{query('alpha', 'beta')}"
        first = client.get(address)
        with django_assert_num_queries(1):
            assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304

    def test_htmx_gets_the_results_alone(self, client):
        part = client.get(f"/compare/?{query('alpha', 'beta')}", headers={"HX-Request": "true", "HX-Target": "results"})
        assert part["HX-Push-Url"] == f"/compare/?{query('alpha', 'beta')}"
        assert "<title>Compare 2 offers" in part.content.decode()
        assert "<nav" not in part.content.decode()
