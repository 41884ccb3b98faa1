"""The findings of the audit as a file: each in a row, in the sentence of the page, with all offers that it is about."""

from collections.abc import Callable, Mapping
from datetime import datetime

from catalog.pricing.audit import THRESHOLDS
from catalog.services.audit import Found
from catalog.services.catalogs import Catalogs
from catalog.services.dismissals import Dismissal, dismissals
from catalog.services.facets import stored_counts
from dashboard.exports.formats import again
from dashboard.exports.table import Columns, ExportColumn, Kind, Table, columns_of, rows_of
from dashboard.forms.audit import DISMISSED, SORTS, Asked
from dashboard.tables.audit import chips, title_of
from dashboard.tables.audit_listed import listed
from dashboard.tables.audit_words import LABELS, SEVERITIES, sentence

NOT_ON_RECORD = "What is said of a catalog itself is of this moment alone: the link, which names it, leaves that out"


def audit_table(
    asked: Asked, catalogs: Catalogs, absolute: Callable[[str], str], now: datetime, *, with_reasons: bool
) -> Table:
    """The findings that ``asked`` lists, in its order; ``absolute`` makes a path of ours an address.

    ``with_reasons`` says why dismissed ones were, which the page shows to whoever is signed in.
    """
    dismissed = dismissals(catalogs)
    found = listed(asked, catalogs, dismissed).found
    columns = _columns(catalogs, dismissed if asked.tab == DISMISSED else {}, with_reasons=with_reasons)
    of_catalogs = any(not one.offers for one in found)
    threshold = {kind.value: text for kind, text in THRESHOLDS.items()}.get(asked.tab)
    return Table(
        name="audit",
        title="Audit",
        columns=columns_of(columns),
        rows=rows_of(found, columns),
        moment=asked.values["as_of"] or now,
        unit="US dollars per 1M tokens, list prices in the standard mode for short prompts, before tax",
        link=absolute(again(asked.address, asked.values["as_of"], now)),
        filters=(
            *([("Findings", "dismissed" if asked.tab == DISMISSED else LABELS[asked.kind])] if asked.tab else []),
            *((one.label, one.text) for one in chips(asked, catalogs, stored_counts(catalogs).provider_names)),
        ),
        facts=(
            ("Sorted by", SORTS[asked.sort]),
            *([("What is looked for", threshold)] if threshold else []),
            *([("Catalogs", NOT_ON_RECORD)] if of_catalogs else []),
        ),
    )


def _columns(catalogs: Catalogs, dismissed: Mapping[str, Dismissal], *, with_reasons: bool) -> Columns[Found]:
    by_id = {catalog.pk: catalog for catalog in catalogs}

    def offers(found: Found) -> str:
        return "; ".join(f"{offer.ref} ({by_id[offer.catalog_id].name})" for offer in found.offers)

    columns: Columns[Found] = [
        (ExportColumn("severity", "Severity"), lambda found: SEVERITIES[found.finding.severity][0]),
        (ExportColumn("kind", "Kind"), lambda found: LABELS[found.kind]),
        (ExportColumn("about", "About"), lambda found: title_of(found, by_id)),
        (ExportColumn("finding", "Finding"), lambda found: sentence(found, by_id)),
        (ExportColumn("catalogs", "Catalogs"), lambda found: "; ".join(by_id[pk].name for pk in found.catalogs)),
        (ExportColumn("offers", "Offers"), offers),
    ]
    if not dismissed:
        return columns
    reason: Columns[Found] = [
        (ExportColumn("reason", "Dismissed because"), lambda found: dismissed[found.digest].reason)
    ]
    return [
        *columns,
        *(reason if with_reasons else []),
        (ExportColumn("dismissed", "Dismissed", Kind.DATE, "UTC"), lambda found: dismissed[found.digest].at),
    ]
