"""What an address asks of the audit: tab, filters, moment, order and page."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.urls import reverse

from catalog.fields import ManyField, MomentField, WordsField
from catalog.pricing.audit import Kind
from catalog.services.audit import Wanted
from catalog.services.catalogs import Catalogs
from catalog.services.facets import Stored
from dashboard.address import Address
from dashboard.forms.offers import number_of

DISMISSED = "dismissed"
TABS: tuple[str, ...] = ("", *(kind.value for kind in Kind), DISMISSED)
"""Of all findings, of those of one kind, and of those that people put aside."""
SORTS = {"": "Severity", "model": "Model"}
PER_PAGE = 50
FIELDS = {
    "q": WordsField(required=False, max_length=200),
    "catalog": ManyField(required=False, noun="catalog"),
    "provider": ManyField(required=False, noun="provider"),
    "as_of": MomentField(required=False),
}
AuditForm: type[forms.Form] = type("AuditForm", (forms.Form,), dict(FIELDS))
"""The form of all filters."""


class Asked(NamedTuple):
    """An address that was read; ``problems`` are sentences on what of it was ignored.

    ``plain`` is the query of the page without parameters, see `dashboard.parts.Request`.
    """

    values: Mapping[str, Any]
    wanted: Wanted
    tab: str
    sort: str
    page: int
    problems: Sequence[str]
    given: Mapping[str, Sequence[str]]
    plain: str = ""

    @property
    def kind(self) -> Kind:
        """The kind of the tab. Raises ValueError for a tab that is of none."""
        return Kind(self.tab)

    @property
    def address(self) -> Address:
        """The page's address of just this."""
        page = [str(self.page)] if self.page > 1 else []
        return Address(
            reverse("audit"),
            {"tab": filter(None, [self.tab]), **self.given, "sort": filter(None, [self.sort]), "page": page},
        ).with_plain(self.plain)


def read_audit(data: QueryDict, catalogs: Catalogs, counts: Stored) -> Asked:
    """Read an address of the audit of these catalogs; what makes no sense is ignored, and named in a sentence."""
    form: Any = AuditForm(data)
    ids = {catalog.slug: catalog.pk for catalog in catalogs}
    for name, allowed in (("catalog", frozenset(ids)), ("provider", counts.values["provider"])):
        form.fields[name].allowed = allowed
    problems = [str(error) for errors in form.errors.values() for error in errors]
    values: dict[str, Any] = {name: form.cleaned_data.get(name) for name in FIELDS}
    for name in ("catalog", "provider"):  # the others of several hold
        allowed = form.fields[name].allowed
        values[name] = [one for one in dict.fromkeys(data.getlist(name)) if one in allowed and one]
    words = (values["q"] or "").casefold().split()
    chosen = [ids[slug] for slug in values["catalog"]]
    return Asked(
        values=values,
        wanted=Wanted(words, frozenset(chosen), frozenset(values["provider"])),
        tab=_one_of(data, "tab", TABS, "tab", problems),
        sort=_one_of(data, "sort", [*SORTS], "order", problems),
        page=_page(data, problems),
        problems=problems,
        given={
            name: list(value) if isinstance(value, list) else [str(data[name]).strip()] if value else []
            for name, value in values.items()
        },
    )


def _one_of(data: QueryDict, name: str, values: Sequence[str], noun: str, problems: list[str]) -> str:
    given = data.get(name, "")
    if given in values:
        return str(given)
    problems.append(f"There is no {noun} “{given[:40]}” here.")
    return ""


def _page(data: QueryDict, problems: list[str]) -> int:
    text = data.get("page", "")
    if not text or number_of(text):
        return number_of(text) or 1
    problems.append(f"“{text[:40]}” is no page.")
    return 1
