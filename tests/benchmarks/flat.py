"""The rows of the Offers page for Datasette: one flat table, with all that helps it.

That is an index on every column that is sorted, filtered or counted by, full-text search, and statistics.
"""

import sqlite3
from pathlib import Path

from django.db.models import F

from catalog.models import Rate
from catalog.pricing.rates import STANDARD

COLUMNS = {
    "name": "name",
    "ref": "ref",
    "catalog": "catalog__name",
    "provider": "provider_name",
    "input": "input",
    "output": "output",
    "cache_read": "cache_read",
    "cache_write": "cache_write",
    "context": "context_tokens",
    "max_output": "max_output_tokens",
    "lifecycle": "lifecycle",
    "price_state": "price_state",
    "updated": "valid_from",
}
TEXT = {"ref", "catalog", "provider", "lifecycle", "price_state", "updated"}


def write(path: Path) -> None:
    """Copy every current offer's standard base rate from the settings' database into a new one at ``path``."""
    path.unlink(missing_ok=True)
    rates = Rate.objects.at(None).filter(mode=STANDARD, above=0).order_by("pk")
    rows = rates.values_list(*(F(source) for source in COLUMNS.values()))
    types = {name: "TEXT" if name in TEXT else "INTEGER" for name in COLUMNS} | {"name": "TEXT COLLATE NOCASE"}
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE offers (id INTEGER PRIMARY KEY, {columns})")
        database.executemany(
            f"INSERT INTO offers ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})",
            ((*row[:-1], row[-1].isoformat()) for row in rows.iterator()),
        )
        for name in COLUMNS:
            database.execute(f"CREATE INDEX by_{name} ON offers ({name})")
        database.execute("CREATE VIRTUAL TABLE offers_fts USING fts5(name, ref, provider, content=[offers])")
        database.execute("INSERT INTO offers_fts(offers_fts) VALUES ('rebuild')")
        database.execute("ANALYZE")
    database.close()
