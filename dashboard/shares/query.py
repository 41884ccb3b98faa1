"""What a link keeps of an address: what its page shows, in numbers that no later change of presets moves."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.http import Http404, QueryDict

from catalog.pricing.rates import STANDARD
from catalog.services.catalogs import Catalogs, Viewer, catalogs_visible_to
from catalog.services.facets import stored_counts
from dashboard.address import Address
from dashboard.forms.workload import OWN_MODE, PARAMETERS, read_workload, texts_of
from dashboard.shares.pages import NOT_SHARED, Asked, SharedPage, page_of

DEFAULTS = {"costs": "coding", "compare": "coding"}
"""The presets of addresses of these pages that name no workload."""
BESIDE, FEWEST = {"compare": "o", "catalog-matrix": "c"}, 2
"""The parameters by which these pages set things side by side, and how many it takes."""


class ToShare(NamedTuple):
    """What somebody looks at and may share: the page, what stands in its path, its query.

    ``catalogs`` are those that it is out of, ``compared`` how many offers or catalogs stand side by side.
    """

    page: SharedPage
    argument: str
    query: str
    catalogs: Catalogs
    address: str
    compared: int

    @property
    def nothing(self) -> str:
        """Why there is nothing to share here, in a sentence; "" where there is."""
        if self.compared < FEWEST:
            return "There is nothing here to share yet: a comparison takes two."
        return "" if self.catalogs else "There is nothing here to share yet: there is no catalog that you may see."

    @property
    def title(self) -> str:
        """What to call it unless somebody says otherwise."""
        return self.argument or self.page.title


def to_share(viewer: Viewer, address: str) -> ToShare:
    """What this address of ours shows ``viewer``. Raises Http404 where that cannot be shared."""
    path, _, query = address.partition("?")
    found = page_of(path)
    if found is None:
        raise Http404("There is no page here that can be shared.")
    page, argument = found
    catalogs = catalogs_visible_to(viewer)
    asked = page.read(_kept(page, QueryDict(query), catalogs), catalogs, argument)
    if asked is None:
        raise Http404("There is no such page.")
    shown = {name: list(values) for name, values in asked.parameters.items() if _is_shown(page, name)}
    made = Address("", {**shown, **_numbers(page, shown)}).to().removeprefix("?")
    compared = len(shown.get(BESIDE.get(page.name, ""), ())) if page.name in BESIDE else FEWEST
    return ToShare(page, asked.argument, made, _out_of(page, asked, catalogs), address, compared)


def _is_shown(page: SharedPage, name: str) -> bool:
    # Elsewhere `o` is what was picked to be compared later.
    return name not in NOT_SHARED and (name != "o" or page.name == "compare")


def _kept(page: SharedPage, data: QueryDict, catalogs: Catalogs) -> QueryDict:
    kept = data.copy()
    for name in NOT_SHARED:
        kept.pop(name, None)
    modes = {*stored_counts(catalogs).values["mode"], STANDARD, ""}  # one may be of a hidden catalog
    kept.setlist("mode", [mode for mode in kept.getlist("mode") if mode in modes])
    return kept


def _numbers(page: SharedPage, shown: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The workload that these parameters name in numbers, in place of its preset."""
    data = QueryDict(mutable=True)
    for name in PARAMETERS:
        data.setlist(name, list(shown.get(name, ())))
    default = DEFAULTS.get(page.name, "coding" if list(shown.get("measure", ())) == ["cost"] else "")
    view = read_workload(data, default=default)
    if view.workload is None:
        return {}
    texts = {name: [text.replace(",", "")] for name, text in texts_of(view.workload).items() if name != "mode"}
    mode = "" if shown.get("mode") or view.workload.mode == STANDARD else view.workload.mode
    return {**texts, "preset": [], OWN_MODE: [mode] if mode else []}


def _out_of(page: SharedPage, asked: Asked, catalogs: Catalogs) -> Catalogs:
    """The catalogs that what is shown is out of: those chosen, of a comparison those of its offers, else all."""
    chosen: Collection[str] = asked.parameters.get("c") or asked.parameters.get("catalog") or ()
    if page.name == "compare":
        return [one for one in catalogs if one.pk in asked.picked_from]
    if not chosen or asked.parameters.get("base") or asked.parameters.get("with"):
        return catalogs
    return [one for one in catalogs if one.slug in chosen]
