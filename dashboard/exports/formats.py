"""The formats that a table can be had in."""

from collections.abc import Callable
from datetime import datetime
from typing import IO, NamedTuple

from django.urls import reverse

from dashboard.address import Address
from dashboard.exports import as_csv, as_excel, as_json, as_markdown
from dashboard.exports.table import Table, moment_iso

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Format(NamedTuple):
    """How one kind of file is named and written. ``ending`` is that of its name and of its address.

    One that is ``to_read`` is shown by browsers instead of kept; no menu names it.
    """

    ending: str
    label: str
    content_type: str
    write: Callable[[Table, IO[bytes]], None]
    to_read: bool = False


FORMATS = {
    made.ending: made
    for made in (
        Format("csv", "CSV", "text/csv; charset=utf-8; header=present", as_csv.write),
        Format("xlsx", "Excel", SHEET, as_excel.write),
        Format("json", "JSON", "application/json", as_json.write),
        Format("md", "Markdown table", "text/markdown; charset=utf-8", as_markdown.write),
        Format("txt", "Markdown as text", "text/plain; charset=utf-8", as_markdown.write, to_read=True),
    )
}


class ExportLink(NamedTuple):
    """One line of an Export menu."""

    label: str
    ending: str
    href: str


def export_links(route: str, address: Address, *without: str, of: str = "") -> list[ExportLink]:
    """The files of what ``address`` shows, whole and not its page alone; ``route`` is the name of theirs.

    ``without`` are parameters of the page that its table does not follow, ``of`` is what a page is about if its path
    says that.
    """
    return [
        ExportLink(made.label, made.ending, export_path(route, made.ending, address, *without, of=of))
        for made in FORMATS.values()
        if not made.to_read
    ]


def export_path(route: str, ending: str, address: Address, *without: str, of: str = "") -> str:
    """The file with this ending of what ``address`` shows."""
    left_out = ("page", "per", *without)
    kept = {name: values for name, values in address.parameters.items() if name not in left_out}
    return str(Address(reverse(route, args=[of, ending] if of else [ending]), kept))


def again(address: Address, moment: datetime | None, now: datetime, *without: str) -> str:
    """The page that shows the same rows tomorrow: for a table of now (``moment`` is None) it names that moment."""
    own = {} if moment else {"as_of": moment_iso(now)}
    return address.to(**own, **dict.fromkeys(("per", "page", *without)))
