"""A name that the rules do not know is given its model in the admin, and the matrix and the model's page follow."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.look import faults

HOUSE = """
import json
from catalog.models import Catalog
from catalog.sources.saved import FileDoor
from catalog.sync.run import sync_catalog
house = Catalog.objects.create(name="House", slug="house", kind="galtea", visibility="public")
row = {"name": "our-house-model", "provider": "", "inputCostPerToken": 0.000001, "outputCostPerToken": 0.000009}
rows = [{**row, "id": "m1"}]
assert sync_catalog(house, door=FileDoor("saved", json.dumps(rows).encode())).outcome == "stored"
"""
MATRIX = "/compare/catalogs/?c=reference&c=house&q=our-house-model"
GONE = """
from catalog.models import Alias, Catalog, Review
from catalog.services.matching import forget
forget(list(Alias.objects.values_list("name", flat=True)), None)
Catalog.objects.get(slug="house").delete()
"""


@pytest.fixture
def _house(staff, shell):
    shell(HOUSE)
    yield
    shell(GONE)


@pytest.mark.usefixtures("_house")
def test_an_alias_is_accepted_and_the_matrix_follows(staff):
    page = staff(f"{MATRIX}&tab=unmatched")
    expect(page.locator("#tab-unmatched")).to_contain_text("1")
    expect(page.locator("#table")).to_contain_text("our-house-model")
    page.goto("/admin/catalog/link/?q=our-house-model&state=unmatched")
    page.get_by_label("Assign m1 of House to another family").click()
    assert faults(page, impacts=("serious", "critical")) == []
    page.locator("[name=new]").fill("openai/gpt-4.1")
    page.locator("[name=by_name]").check()
    page.get_by_role("button", name=re.compile("Assign")).click()
    expect(page.locator(".messagelist")).to_contain_text("Assigned m1 of House to openai/gpt-4.1")

    page.goto(f"{MATRIX}&tab=unmatched")
    expect(page.locator("#tab-unmatched")).to_contain_text("0")
    page.goto("/compare/catalogs/?c=reference&c=house")
    expect(page.locator("tbody")).to_contain_text("9.00")
    page.locator("tbody .name").first.click()
    expect(page).to_have_url(re.compile(r"/models/openai/gpt-4.1/"))
    expect(page.locator("#results")).to_contain_text("A person decided")
