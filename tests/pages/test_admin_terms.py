"""Contract terms in the admin: entered, changed, withdrawn, looked at, and what they say they do."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from catalog.models import Catalog, ContractTerm
from catalog.services.known import known_catalogs
from catalog.services.terms import terms_of
from tests.make import DOLLAR, catalog, contract, record, row, sync
from tests.pages.test_offers import text

pytestmark = pytest.mark.django_db
ADD = "/admin/catalog/contractterm/add/"
LIST = "/admin/catalog/contractterm/"


@pytest.fixture
def team():
    made = catalog()
    offers = [record(f"m{i}", rates=(row(), row(mode="batch"))) for i in range(5)]
    sync(made, *offers, record("claude", provider="anthropic", provider_name="Anthropic"))
    return made


def page_of(term, name="change"):
    return reverse(f"admin:catalog_contractterm_{name}", args=[term.pk])


def form(made, **fields):
    return {"catalog": str(made.pk), "reason": "Frame agreement", "first_day": "2026-01-01", **fields}


def staff(client, *codenames):
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)


def test_a_discount_is_entered_and_its_page_shows_what_it_does(admin_client, team):
    response = admin_client.post(ADD, form(team, percent="-20", provider="openai", pattern="M*"), follow=True)
    made = ContractTerm.objects.get()
    assert response.redirect_chain == [(page_of(made), 302)]
    assert (made.change, made.provider, made.pattern, made.recorded_by.username) == (-2_000, "openai", "M*", "admin")
    page = text(response)
    assert "Frame agreement was recorded." in page
    assert "It is for 5 current offers." in page
    assert page.count("Input 2.00 → 1.60") == 3
    assert page.count("Output 8.00 → 6.40") == 3
    assert [term.change for term in terms_of([Catalog.objects.get()])] == [-2_000]
    assert LogEntry.objects.get().get_change_message() == "Added."


def test_prices_are_entered_in_dollars_per_million_tokens(admin_client, team):
    admin_client.post(ADD, form(team, price_input="2.50", price_cache_read="0", price_request="0.005", mode="batch"))
    made = ContractTerm.objects.get()
    assert (made.input, made.output, made.cache_read, made.request) == (2_500_000, None, 0, 5 * 10**9)
    assert (made.change, made.mode) == (None, "batch")
    html = admin_client.get(page_of(made)).content.decode()
    for shown in ('name="price_input" value="2.5"', 'name="price_cache_read" value="0"', 'value="0.005"'):
        assert shown in html
    assert 'name="price_output" value' not in html
    assert "Input 2.00 → 2.50" in text(admin_client.get(page_of(made)))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Enter a change in %, or prices below."),
        ({"percent": "-20", "price_input": "1"}, "Enter a change in % or prices, not both."),
        ({"percent": "-100"}, "greater than or equal to -99"),
        ({"percent": "301"}, "less than or equal to 300"),
        ({"percent": "-0.001"}, "no more than 2 decimal places"),
        ({"price_input": "-1"}, "The price -1 is negative."),
        ({"price_input": "abc"}, "is not a number"),
        ({"price_input": "1,5"}, "is not a number"),
        ({"price_input": "200000"}, "above $100,000 per 1M tokens"),
        ({"percent": "5", "last_day": "2025-12-31"}, "It ends before it begins."),
        ({"percent": "5", "reason": ""}, "This field is required."),
        ({"percent": "5", "pattern": "*a" * 9}, "A pattern has 8 “*” at most."),
        ({"percent": "5", "provider": "nobody"}, "nobody is not one of the available choices."),
    ],
)
def test_a_mistake_is_said_and_nothing_is_recorded(admin_client, team, fields, sentence):
    response = admin_client.post(ADD, form(team, **fields))
    assert sentence in text(response)
    assert not ContractTerm.objects.exists()
    assert Catalog.objects.get().terms == []


def test_a_change_puts_a_new_row_in_the_place_of_the_old_one(admin_client, team):
    old = contract(team, change=-1_000)
    before = timezone.now()
    response = admin_client.post(page_of(old), form(team, percent="-12.5"), follow=True)
    new = ContractTerm.objects.latest("pk")
    assert response.redirect_chain == [(page_of(new), 302)]
    old.refresh_from_db()
    assert (old.change, old.withdrawn_by.username, new.change, new.withdrawn_at) == (-1_000, "admin", -1_250, None)
    team.refresh_from_db()
    assert [term.change for term in terms_of([team])] == [-1_250]
    assert [term.change for term in terms_of(known_catalogs([team], before, {}))] == [-1_000]
    assert "Change in %" in LogEntry.objects.get().get_change_message()


def test_saving_what_is_there_records_nothing_new(admin_client, team):
    old = contract(team, fixed={"input": 2_500_000})
    admin_client.post(page_of(old), form(team, price_input="2.5"))
    assert ContractTerm.objects.get().withdrawn_at is None


def test_one_that_was_withdrawn_is_for_looking_at(admin_client, team):
    old = contract(team, change=-1_000)
    response = admin_client.post(page_of(old, "withdraw"), follow=True)
    assert "1 contract term withdrawn." in text(response)
    assert LogEntry.objects.get().get_change_message() == "Withdrawn."
    page = admin_client.get(page_of(old))
    assert 'name="percent"' not in page.content.decode()
    assert "−10%" in text(page)
    assert admin_client.post(page_of(old), form(team, percent="5")).status_code == 403
    assert "0 contract terms withdrawn" not in text(admin_client.post(page_of(old, "withdraw"), follow=True))
    assert ContractTerm.objects.count() == 1


def test_many_are_withdrawn_at_once(admin_client, team):
    made = [contract(team, change=change) for change in (1, 2, 3)]
    chosen = {"action": "withdraw", "_selected_action": [str(term.pk) for term in made[:2]]}
    assert "2 contract terms withdrawn." in text(admin_client.post(LIST, chosen, follow=True))
    team.refresh_from_db()
    assert [term.change for term in terms_of([team])] == [3]
    assert LogEntry.objects.count() == 2


def test_none_is_ever_deleted(admin_client, team):
    made = contract(team, change=1)
    assert admin_client.post(page_of(made, "delete"), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in admin_client.get(LIST).content.decode()


def test_the_list_is_filtered_by_state_and_searched(admin_client, team):
    today = timezone.now().date()
    day = timedelta(days=1)
    contract(team, change=-1, reason="In force")
    contract(team, change=-1, reason="Coming", first_day=today + day)
    contract(team, change=-1, reason="Finished", last_day=today - day)
    gone = contract(team, change=-1, reason="Gone", pattern="gpt-9*")
    ContractTerm.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    everything = {"In force", "Coming", "Finished", "Gone"}
    for query, found in {
        "": everything - {"Gone"},
        "?state=now": {"In force"},
        "?state=coming": {"Coming"},
        "?state=over": {"Finished"},
        "?state=withdrawn": {"Gone"},
        "?state=all": everything,
        "?state=all&q=gpt-9": {"Gone"},
    }.items():
        rows = admin_client.get(LIST + query).context["cl"].result_list
        assert {term.reason for term in rows} == found, query


def test_the_page_says_what_others_take_from_it(admin_client, team):
    whole = contract(team, change=-1_000)
    contract(team, change=-2_000, pattern="m*")
    page = text(admin_client.get(page_of(whole)))
    assert "It is for 6 current offers; to 1 of them it applies" in page
    nothing = contract(team, fixed={"blended": DOLLAR}, pattern="m1")
    assert "It changes no price of theirs." in text(admin_client.get(page_of(nothing)))


def test_who_may_only_look_changes_nothing(client, team):
    made = contract(team, change=-1_000)
    staff(client, "view_contractterm")
    assert "−10%" in text(client.get(page_of(made)))
    assert client.post(page_of(made), form(team, percent="5")).status_code == 403
    client.post(page_of(made, "withdraw"))
    assert client.get(ADD).status_code == 403
    assert ContractTerm.objects.get().withdrawn_at is None


def test_who_may_change_catalogs_alone_sees_no_terms(client, team):
    made = contract(team, change=-1_000)
    staff(client, "change_catalog")
    assert [client.get(address).status_code for address in (LIST, ADD, page_of(made))] == [403, 403, 403]


def test_of_two_who_change_one_term_the_second_is_told(admin_client, team, monkeypatch):
    made = contract(team, change=-1_000)

    def too_late(queryset, **fields):
        return 0

    monkeypatch.setattr("catalog.models.term.ContractTermQuerySet.update", too_late)
    response = admin_client.post(page_of(made), form(team, percent="-20"), follow=True)
    assert "Someone else has changed or withdrawn this term meanwhile; nothing was saved." in text(response)
    assert ContractTerm.objects.count() == 1
