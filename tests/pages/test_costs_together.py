"""Several workloads on the Costs page, and saved ones in its form."""

import html
import re

import pytest
from django.contrib.auth.models import User

from catalog.models import Offer
from catalog.pricing.workload import Workload
from catalog.services.kept import share
from catalog.services.workloads import workload_save
from tests.make import DOLLAR, catalog, record, row, sync

pytestmark = pytest.mark.django_db

CHAT, BULK = "w=Chat:1000:1000:0:0:100:standard", "w=Bulk:10000:100:0:0:10:batch"


@pytest.fixture(autouse=True)
def _offers():
    batch = row(mode="batch", input=DOLLAR, output=4 * DOLLAR)
    sync(
        catalog(),
        record("one", rates=(row(), batch)),  # $2.80 and $1.40
        record("two", rates=(row(input=DOLLAR), batch)),  # $1.80 and $1.40
        record("half", rates=(row(output=None), batch)),
        record("plain", rates=(row(),)),
    )


def text(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def rows(response):
    body = response.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    cells = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", each, re.DOTALL) for each in body.split("</tr>")[:-1])
    return [[" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in each] for each in cells]


def test_one_column_each_a_total_and_the_reason_with_its_workload(client):
    page = client.get(f"/costs/?{CHAT}&{BULK}")
    assert page.status_code == 200
    assert [each[:1] + each[3:6] for each in rows(page)] == [
        ["1", "1.80", "1.40", "3.20"],
        ["2", "2.80", "1.40", "4.20"],
        ["", "—", "1.40", "—"],
    ]
    assert "Chat: The output price is not known." in rows(page)[2][1]
    assert "2 offers with a cost for all of Chat, Bulk" in text(page)
    assert "1 offers left out" in text(page)
    everything = client.get(f"/costs/?{CHAT}&{BULK}&excluded=1")
    assert "Bulk: It is not offered in this mode." in rows(everything)[3][1]


@pytest.mark.parametrize("nul", ["%00", "%2500"])
def test_a_mode_that_no_database_can_be_asked_for_is_told_of(client, nul):
    page = client.get(f"/costs/?{CHAT}&w=Odd:1:1:0:0:1:{nul}")
    assert page.status_code == 200
    assert "is no workload: The mode must be a name of 1 to 60 characters." in text(page)
    assert len(rows(page)) == 4


def test_the_total_is_what_is_compared_with_the_baseline(client):
    pk = Offer.objects.get(ref="one").pk
    page = client.get(f"/costs/?{CHAT}&{BULK}&base={pk}")
    assert rows(page)[0][6:8] == ["▼ −1.00", "−24%"]
    assert "$4.20 a month for all of these workloads" in text(page)
    half = Offer.objects.get(ref="half").pk
    assert "nothing is compared. Chat: The output price" in text(client.get(f"/costs/?{CHAT}&{BULK}&base={half}"))


def test_the_form_s_workload_is_added_by_name_and_the_address_says_so(client):
    response = client.get("/costs/", {"n": "5", "tin": "100", "tout": "10", "add": "Ä: a/b & c"})
    assert response.status_code == 302
    assert response["Location"] == "/costs/?n=5&tin=100&tout=10&w=%C3%84:+a/b+%26+c:5:100:0:0:10:standard"
    page = client.get(response["Location"])
    assert "Ä: a/b &amp; c</b>" in page.content.decode()
    again = client.get(response["Location"] + "&add=" + "%C3%84:+a/b+%26+c")
    assert again["Location"].endswith("&w=%C3%84:+a/b+%26+c+2:5:100:0:0:10:standard")


def test_one_is_renamed_and_removed(client):
    renamed = client.get(f"/costs/?{CHAT}&{BULK}&rename=1&to=Night+work")
    assert renamed["Location"] == f"/costs/?{CHAT}&w=Night+work:10000:100:0:0:10:batch"
    assert f'href="/costs/?{CHAT}"' in client.get(f"/costs/?{CHAT}&{BULK}").content.decode()
    assert "no workload at that place" in text(client.get(f"/costs/?{CHAT}&rename=7&to=x"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Chat", "it is a name, five numbers and a mode"),
        ("Chat:1:2:3:4:5", "it is a name, five numbers and a mode"),
        ("Chat:1:x:0:0:1:standard", "are whole numbers"),
        ("Chat:1:10:9:9:1:standard", "are more than the 10"),
        ("Chat:0:10:0:0:1:standard", "Requests per month must be"),
        ("Chat:1:10:0:0:1:", "The mode must be"),
    ],
)
def test_one_that_makes_no_sense_is_left_out_with_a_message(client, value, said):
    page = client.get("/costs/", {"w": [value, "Chat:1000:1000:0:0:100:standard"]})
    assert page.status_code == 200
    assert said in text(page)
    assert rows(page)[0][3:5] == ["1.80", "1.80"]


def test_five_at_the_most(client):
    page = client.get("/costs/?" + "&".join(f"w=W{i}:1:1:0:0:1:standard" for i in range(7)))
    assert "Up to 5 workloads stand side by side; left out: “W5”, “W6”." in text(page)
    assert "Add this workload" not in text(page)


def test_markup_in_a_name_stays_text(client):
    page = client.get("/costs/", {"w": '"><script>alert(1)</script>:1:1:0:0:1:standard'})
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("number", [1, 50])
def test_a_page_takes_as_many_queries_whatever_is_on_it(client, django_assert_num_queries, number):
    sync(catalog("More"), *(record(f"m{i}", rates=(row(), row(mode="batch"))) for i in range(number)))
    pk = Offer.objects.get(ref="one").pk
    with django_assert_num_queries(4):  # catalogs, counts, names of the page, its rates
        client.get(f"/costs/?{CHAT}&{BULK}")
    with django_assert_num_queries(7):  # and the baseline's name and rates, and the facets of a search
        client.get(f"/costs/?{CHAT}&{BULK}&q=o&base={pk}")


class TestSaved:
    @pytest.fixture
    def dana(self, client):
        user = User.objects.create_user("dana")
        client.force_login(user)
        return user

    def test_one_that_is_picked_fills_the_address(self, client, dana):
        saved, _ = workload_save(owner=dana, name="Mine", workload=Workload(7, 100, 10, 50))
        assert f'<option value="{saved.pk}">Mine</option>' in client.get("/costs/").content.decode()
        response = client.get(f"/costs/?saved={saved.pk}&was=coding&preset=coding&n=40%2C000&q=one")
        assert response["Location"] == "/costs/?n=7&tin=100&read=50%25&tout=10&q=one"
        part = client.get(
            f"/costs/?saved={saved.pk}&was=coding&preset=coding&n=40%2C000",
            headers={"HX-Request": "true", "HX-Target": "results", "HX-Trigger-Name": "saved"},
        )
        assert part["HX-Push-Url"] == "/costs/?n=7&tin=100&read=50%25&tout=10"
        for oob in ("numbers", "presets", "saved-field"):
            assert re.search(f'id="{oob}" hx-swap-oob="true"', part.content.decode())

    def test_somebody_else_s_private_one_cannot_be_picked(self, client, dana):
        robin = User.objects.create_user("robin")
        saved, _ = workload_save(owner=robin, name="Secret", workload=Workload(7, 100, 10))
        assert "Secret" not in client.get("/costs/").content.decode()
        assert client.get(f"/costs/?saved={saved.pk}")["Location"] == "/costs/?view=none"
        share(saved, "members")
        assert "Secret (robin)" in client.get("/costs/").content.decode()
        assert client.get(f"/costs/?saved={saved.pk}")["Location"] == "/costs/?n=7&tin=100&tout=10"

    def test_a_new_one_is_told_of_and_no_old_page_is_shown(self, client, dana):
        etag = client.get("/costs/")["ETag"]
        client.post("/costs/saved/save/", {"name": "Agent", "from": ""})
        page = client.get("/costs/", headers={"If-None-Match": etag})
        assert page.status_code == 200
        assert "“Agent” is saved." in text(page)

    def test_strangers_are_not_offered_to_save(self, client):
        assert "save-workload" not in client.get("/costs/").content.decode()
        assert "Name to save it by" not in client.get("/costs/").content.decode()
