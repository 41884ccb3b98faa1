"""Search by parts of words, with an index on either database.

SQLite keeps the text in an FTS5 table with the trigram tokenizer (https://www.sqlite.org/fts5.html#the_trigram_tokenizer),
PostgreSQL has a pg_trgm index on the column (https://www.postgresql.org/docs/current/pgtrgm.html); the migration
`0002` makes both.
"""

from collections.abc import Sequence

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

from catalog.models.among import Bound, Sql

MOST_WORDS = 8
"""A search is for this many words at most."""
TRIGRAM = 3
"""Letters of the shortest word that the trigram table finds."""


def words_of(text: str) -> list[str]:
    """The words of a search, in lower case, the longest first since they narrow it most. No database knows NUL."""
    return sorted(dict.fromkeys(text.casefold().replace("\0", " ").split()), key=len, reverse=True)


class SearchText(models.TextField):
    """Text in lower case that `Holds` finds: every word, in any order, inside words too."""


class Holds(Lookup):
    """Whether the revision with this id holds every one of the given words: ``filter(Holds(F("revision_id"), words))``.

    The index alone answers where it can. To look at each revision that it finds takes as long again.
    """

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """One LIKE per word; PostgreSQL answers them from its trigram index."""
        return self._among(self._revisions(), compiler, connection)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """The trigram table narrows by every word of three letters or more; LIKE does the rest."""
        long = _long(self.rhs)
        if not long:
            return self.as_sql(compiler, connection)
        found = "SELECT rowid FROM catalog_search WHERE catalog_search MATCH %s"
        if len(long) < len(self.rhs):
            found = self._revisions(f"id IN ({found})")
        return self._among(found, compiler, connection)

    def _among(self, ids: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN ({ids})", (*params, *typed(self.rhs, connection))

    def _revisions(self, *first: str) -> str:
        """The revisions that hold every word, and for which what comes ``first`` is true."""
        true = " AND ".join((*first, *("search LIKE %s ESCAPE '\\'" for _ in self.rhs)))
        return f"SELECT id FROM catalog_revision WHERE {true}"  # noqa: S608 (what was typed is a parameter)


def typed(words: Sequence[str], connection: BaseDatabaseWrapper) -> tuple[Bound, ...]:
    """The parameters of `Holds` for these words. Other words of the same `shape_of` take the same statement."""
    patterns = tuple(Bound(f"%{_escaped(word)}%") for word in words)
    long = _long(words) if connection.vendor == "sqlite" else []
    if not long:
        return patterns
    phrases = Bound(" AND ".join('"' + word.replace('"', '""') + '"' for word in long))
    return (phrases,) if len(long) == len(words) else (phrases, *patterns)


def shape_of(words: Sequence[str]) -> tuple[bool, ...]:
    """What of the words a statement follows from: how many there are, and which the trigram table can find."""
    return tuple(len(word) >= TRIGRAM for word in words)


def _long(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) >= TRIGRAM]


def tidy_search() -> None:
    """Merge the parts that syncs have added to the trigram table, each of which a search looks into.

    For 10,000 offers of six syncs it takes 0.06 s, for 100,000 half a second, and it halves a search. PostgreSQL's
    vacuum does so by itself.
    https://www.sqlite.org/fts5.html#the_optimize_command
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO catalog_search(catalog_search) VALUES('optimize')")


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
