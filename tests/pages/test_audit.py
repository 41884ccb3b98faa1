"""The Audit page as a browser without JavaScript sees it: findings, filters, the past, and dismissing."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from catalog.models import Catalog, Dismissal
from catalog.services.audit import audit
from tests.make import DOLLAR, catalog, contract, record, row, sync
from tests.pages.test_offers import text

pytestmark = pytest.mark.django_db

PAGE = "/audit/"
PART = {"HX-Request": "true", "HX-Target": "results"}
DISAGREE = "OpenAI asks $8.00 per 1M input tokens according to Beta, $2.00 according to Alpha: ×4.0."
CONTEXT = "OpenAI takes 128,000 tokens of context according to Alpha, 64,000 according to Beta."
CACHE = "Groq (Beta) asks $3.00 per 1M tokens read from the cache, more than the $2.00 of input."


def groq(ref: str, **fields):
    return record(ref, provider="groq", provider_name="Groq", **fields)


def beta_offers(price: int = 8):
    return (
        record("gpt-4.1", rates=(row(input=price * DOLLAR),)),
        record("o3", context_tokens=64_000),
        groq("llama-3.1-8b", rates=(row(cache_read=3 * DOLLAR),)),
    )


def two_catalogs():
    """Alpha and Beta, between which there are three findings."""
    alpha, beta = catalog("Alpha"), catalog("Beta")
    sync(alpha, record("gpt-4.1"), record("o3"))
    sync(beta, *beta_offers())
    return alpha, beta


@pytest.fixture(autouse=True)
def two():
    return two_catalogs()


@pytest.fixture
def manager():
    client = Client()
    client.force_login(User.objects.create_superuser("casey"))
    return client


def sentences(response):
    page = response.content.decode().partition('class="findings"')[2].partition("</nav>")[0]
    return [text_of(one) for one in re.findall(r"<li id=\"f-\w+\">.*?<p>(.*?)</p>", page, re.S)]


def text_of(markup):
    return markup.replace("&#39;", "'").replace("&#34;", '"')


def digests(response):
    return re.findall(r'<li id="f-(\w+)"', response.content.decode())


def tabs(response):
    found = re.findall(r'id="tab-[\w-]+"[^>]*>([^<]+) <small>([\d,]+)</small>', response.content.decode())
    return {label: int(number) for label, number in found}


class TestFindings:
    def test_the_most_severe_first_each_in_a_sentence(self, client):
        page = client.get(PAGE)
        assert sentences(page) == [CACHE, DISAGREE, CONTEXT]
        assert "3 findings in list prices: standard mode, base tier" in text(page)
        assert tabs(page) == {
            "All": 3,
            "Cache read above input": 1,
            "Catalogs disagree": 1,
            "Context differs": 1,
            "Dismissed": 0,
        }

    def test_they_lead_to_their_offers_and_side_by_side(self, client):
        page = client.get(f"{PAGE}?tab=disagree").content.decode()
        first, second = re.findall(r'<a href="/offers/(\d+)/">gpt-4.1</a>', page)
        assert f'href="/compare/?o={first}&amp;o={second}"' in page
        assert client.get(f"/compare/?o={first}&o={second}").status_code == 200

    def test_contract_prices_are_not_audited(self, client, two):
        contract(two[1], change=-7_500)
        assert DISAGREE in sentences(client.get(PAGE))
        assert "list prices, never contract prices" in text(client.get(PAGE))

    def test_a_router_asks_its_own_price_whoever_made_the_model(self, client, two):
        Catalog.objects.filter(slug="beta").update(kind="openrouter")
        assert sentences(client.get(f"{PAGE}?tab=disagree")) == []
        routed = record("openrouter/gpt-4.1", provider="openrouter", provider_name="OpenRouter")
        sync(two[0], record("gpt-4.1"), record("o3"), routed)
        told = "OpenRouter asks $8.00 per 1M input tokens according to Beta, $2.00 according to Alpha: ×4.0."
        assert sentences(client.get(f"{PAGE}?tab=disagree")) == [told]

    def test_catalogs_that_are_old_or_fail(self, client):
        Catalog.objects.filter(slug="alpha").update(read_at=timezone.now() - timedelta(days=2))
        Catalog.objects.filter(slug="beta").update(failures=3, last_error="The key was refused.")
        found = sentences(client.get(PAGE))
        assert found[0].startswith("The last sync of Beta failed. Its prices are those of ")
        assert found[2].startswith("Alpha is to be read every 1 h and was last read on ")
        assert "The key was refused" not in text(client.get(PAGE))
        assert all("Alpha is to be read" not in one for one in sentences(client.get(f"{PAGE}?as_of=2026-01-01")))


class TestAddress:
    def test_filters_and_order(self, client):
        assert sentences(client.get(f"{PAGE}?provider=groq")) == [CACHE]
        assert sentences(client.get(f"{PAGE}?catalog=alpha")) == [DISAGREE, CONTEXT]
        assert sentences(client.get(f"{PAGE}?q=O3+openai")) == [CONTEXT]
        assert sentences(client.get(f"{PAGE}?sort=model")) == [CACHE, DISAGREE, CONTEXT]
        page = client.get(f"{PAGE}?provider=groq&tab=context")
        assert tabs(page) == {"All": 1, "Cache read above input": 1, "Context differs": 0, "Dismissed": 0}
        assert "Nothing is found under these filters" in text(page)

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("tab=weight", "There is no tab “weight” here."),
            ("catalog=nowhere", "There is no catalog “nowhere” here."),
            ("provider=nobody", "There is no provider “nobody” here."),
            ("sort=size", "There is no order “size” here."),
            ("page=x", "“x” is no page."),
            ("page=9", "There is no page 9; this is the last one."),
            ("as_of=soon", "“soon” is not a day such as 2025-06-01."),
        ],
    )
    def test_what_makes_no_sense_is_ignored_with_a_message(self, client, query, sentence):
        page = client.get(f"{PAGE}?{query}")
        assert (page.status_code, len(sentences(page))) == (200, 3)
        assert sentence in text(page)

    def test_defaults_of_a_form_without_javascript_are_left_out(self, client):
        sent = client.get(f"{PAGE}?q=&catalog=alpha&as_of=&sort=&tab=")
        assert (sent.status_code, sent["Location"]) == (302, f"{PAGE}?catalog=alpha")

    def test_the_part_for_htmx(self, client):
        page = client.get(f"{PAGE}?tab=context", headers=PART)
        assert page["HX-Push-Url"] == f"{PAGE}?tab=context"
        assert "<html" not in page.content.decode()

    def test_as_of_a_moment(self, client, two):
        moment = f"{timezone.now().replace(tzinfo=None).isoformat()}Z"
        sync(two[1], *beta_offers(2), approve=True)
        assert DISAGREE not in sentences(client.get(PAGE))
        page = client.get(f"{PAGE}?as_of={moment}&tab=disagree")
        assert sentences(page) == [DISAGREE]
        assert re.search(r'href="/offers/\d+/\?as_of=', page.content.decode())
        assert sentences(client.get(f"{PAGE}?as_of=2000-01-01")) == []

    @pytest.mark.parametrize("number", [1, 50])
    def test_queries_whatever_the_rows(self, django_assert_num_queries, manager, two, number):
        sync(two[0], *(record(f"gpt-4.{i}-m") for i in range(number)), approve=True)
        sync(two[1], *(record(f"gpt-4.{i}-m", context_tokens=1) for i in range(number)), approve=True)
        with django_assert_num_queries(9):  # session, user, default view, catalogs, dismissals; the audit's four
            assert len(sentences(manager.get(PAGE))) == number
        with django_assert_num_queries(4):
            manager.get(f"{PAGE}?tab=context")  # from memory


class TestDismissing:
    def dismiss(self, client, digest, reason="A preview price.", address=PAGE):
        return client.post("/audit/dismiss/", {"digest": digest, "reason": reason, "next": address}, follow=True)

    def test_until_a_figure_changes_and_undone(self, client, manager, two):
        digest = digests(client.get(f"{PAGE}?tab=disagree"))[0]
        page = self.dismiss(manager, digest, "  A preview\nprice. ", f"{PAGE}?q=4.1")
        assert f"Dismissed until one of its figures changes: {DISAGREE}" in text(page)
        assert page.redirect_chain == [(f"{PAGE}?q=4.1", 302)]
        assert sentences(client.get(PAGE)) == [CACHE, CONTEXT]
        assert tabs(client.get(PAGE))["Dismissed"] == 1
        page = client.get(f"{PAGE}?tab=dismissed")
        assert sentences(page) == [DISAGREE]
        assert "Dismissed on" in text(page)
        assert "A preview price" not in text(page)  # whoever signs in reads why
        member = Client()
        member.force_login(User.objects.create_user("member"))
        page = member.get(f"{PAGE}?tab=dismissed")
        assert ": A preview price." in text(page)
        assert "casey" not in text(page)
        assert "by casey: A preview price." in text(manager.get(f"{PAGE}?tab=dismissed"))

        sync(two[1], *beta_offers(9), approve=True)
        assert "$9.00" in sentences(client.get(f"{PAGE}?tab=disagree"))[0]
        sync(two[1], *beta_offers(8), approve=True)  # what was dismissed is so again
        assert tabs(client.get(PAGE))["Dismissed"] == 1

        made = Dismissal.objects.get()
        page = manager.post(f"/audit/{made.pk}/undo/", {"next": PAGE}, follow=True)
        assert "The finding counts as open again." in text(page)
        assert DISAGREE in sentences(client.get(PAGE))
        page = manager.post(f"/audit/{made.pk}/undo/", follow=True)
        assert "This finding was brought back already." in text(page)
        self.dismiss(manager, digest)
        assert Dismissal.objects.count() == 2  # the first stays on record

    def test_another_revision_with_the_same_figures_stays_dismissed(self, client, manager, two):
        self.dismiss(manager, digests(client.get(f"{PAGE}?tab=context"))[0])
        sync(two[1], beta_offers()[0], record("o3", context_tokens=64_000, description="New."), beta_offers()[2])
        assert tabs(client.get(PAGE))["Dismissed"] == 1

    @pytest.mark.parametrize(
        ("reason", "sentence"),
        [
            (" ", "Say why: a finding is dismissed with a reason."),
            ("x" * 301, "at most 300 characters"),
            ("a\0b", "Null characters are not allowed."),
        ],
    )
    def test_a_reason_is_asked_for(self, client, manager, reason, sentence):
        page = self.dismiss(manager, digests(client.get(PAGE))[0], reason)
        assert sentence in text(page)
        assert not Dismissal.objects.exists()

    def test_what_is_no_longer_so_or_was_dismissed_already(self, client, manager):
        digest = digests(client.get(PAGE))[0]
        assert "its figures have changed" in text(self.dismiss(manager, "0" * 32))
        self.dismiss(manager, digest)
        assert "Someone else has dismissed this finding already." in text(self.dismiss(manager, digest))

    def test_only_who_may_change_catalogs(self, client, manager):
        digest = digests(client.get(PAGE))[0]
        self.dismiss(manager, digest)
        pk = Dismissal.objects.get().pk
        others = {"out": Client(), "member": Client(), "staff": Client()}
        others["member"].force_login(User.objects.create_user("robin"))
        others["staff"].force_login(User.objects.create_user("sam", is_staff=True))
        for name, other in others.items():
            for address in ("/audit/dismiss/", f"/audit/{pk}/undo/"):
                answer = other.post(address, {"digest": digest, "reason": "Mine."})
                assert answer.status_code == (302 if name == "out" else 403), (name, address)
            assert "Dismiss the finding" not in other.get(PAGE).content.decode()
            assert "Bring back" not in other.get(f"{PAGE}?tab=dismissed").content.decode()
        assert Dismissal.objects.get().undone_at is None
        assert manager.get("/audit/dismiss/").status_code == 405
        assert manager.post("/audit/999/undo/").status_code == 404

    def test_a_304_until_something_is_decided(self, client, manager):
        etag = client.get(PAGE)["ETag"]
        assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 304
        self.dismiss(manager, digests(client.get(PAGE))[0])
        assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 200
        etag = client.get(PAGE)["ETag"]
        Catalog.objects.filter(slug="alpha").update(failures=1)
        assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 200


class TestWhoSeesWhat:
    @pytest.fixture
    def inner(self):
        made = catalog("Inner", visibility="groups")
        made.groups.set([Group.objects.create(name="team")])
        sync(made, record("o3", context_tokens=1_000_000), record("gpt-4.1", rates=(row(input=900 * DOLLAR),)))
        return made

    def test_a_finding_is_made_of_what_one_may_see(self, client, manager, inner):
        assert sentences(client.get(PAGE)) == [CACHE, DISAGREE, CONTEXT]
        assert len(sentences(manager.get(f"{PAGE}?catalog=inner"))) > 1
        assert "There is no catalog “inner” here." in text(client.get(f"{PAGE}?catalog=inner"))

    def test_what_was_dismissed_of_a_hidden_catalog_leaves_no_trace(self, client, manager, inner):
        addresses = (PAGE, f"{PAGE}?tab=dismissed", f"{PAGE}?tab=context")
        before = [(client.get(address)["ETag"], text(client.get(address))) for address in addresses]
        for digest in digests(manager.get(f"{PAGE}?catalog=inner")):
            manager.post("/audit/dismiss/", {"digest": digest, "reason": "Inner is a test."})
        assert Dismissal.objects.count() > 1
        assert [(client.get(address)["ETag"], text(client.get(address))) for address in addresses] == before
        assert sentences(client.get(PAGE)) == [CACHE, DISAGREE, CONTEXT]

    def test_what_was_dismissed_of_open_ones_is_so_for_all(self, client, manager, inner):
        digest = digests(client.get(f"{PAGE}?tab=cache-read"))[0]
        assert digest in digests(manager.get(PAGE))
        manager.post("/audit/dismiss/", {"digest": digest, "reason": "True."})
        assert sentences(client.get(f"{PAGE}?tab=dismissed")) == [CACHE]

    def test_the_audit_of_a_moment_is_remembered_for_these_catalogs_alone(self, inner, django_assert_num_queries):
        visible = list(Catalog.objects.exclude(slug="inner"))
        for moment in (None, timezone.now()):
            found = audit(visible, moment)
            with django_assert_num_queries(0):
                assert audit(visible, moment) == found
            assert len(audit([*visible, inner], moment)) != len(audit(visible, moment))
