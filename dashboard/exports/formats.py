"""The formats that a table can be had in."""

from collections.abc import Callable
from typing import IO, NamedTuple

from django.urls import reverse

from dashboard.address import Address
from dashboard.exports import as_csv, as_excel, as_json, as_markdown
from dashboard.exports.table import Table

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Format(NamedTuple):
    """How one kind of file is named and written. ``ending`` is that of its name and of its address."""

    ending: str
    label: str
    content_type: str
    write: Callable[[Table, IO[bytes]], None]


FORMATS = {
    made.ending: made
    for made in (
        Format("csv", "CSV", "text/csv; charset=utf-8; header=present", as_csv.write),
        Format("xlsx", "Excel", SHEET, as_excel.write),
        Format("json", "JSON", "application/json", as_json.write),
        Format("md", "Markdown table", "text/markdown; charset=utf-8", as_markdown.write),
    )
}


class ExportLink(NamedTuple):
    """One line of an Export menu."""

    label: str
    ending: str
    href: str


def export_links(route: str, address: Address) -> list[ExportLink]:
    """The files of what ``address`` shows, whole and not its page alone; ``route`` is the name of theirs."""
    kept = {name: values for name, values in address.parameters.items() if name not in ("page", "per")}
    return [
        ExportLink(made.label, made.ending, str(Address(reverse(route, args=[made.ending]), kept)))
        for made in FORMATS.values()
    ]
