"""Search by parts of words, with an index on either database.

SQLite keeps the text in an FTS5 table with the trigram tokenizer (https://www.sqlite.org/fts5.html#the_trigram_tokenizer),
PostgreSQL has a pg_trgm index on the column (https://www.postgresql.org/docs/current/pgtrgm.html); the migration
`0002` makes both.
"""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

MOST_WORDS = 8
"""A search is for this many words at most."""


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

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """One LIKE per word; PostgreSQL answers them from its trigram index."""
        found = f"SELECT id FROM catalog_revision WHERE {self._likes}"  # noqa: S608 (what was typed is a parameter)
        return self._among(found, self._patterns, compiler, connection)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """The trigram table narrows by every word of three letters or more; LIKE does the rest."""
        long = [word for word in self.rhs if len(word) >= 3]
        if not long:
            return self.as_sql(compiler, connection)
        phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        found = "SELECT rowid FROM catalog_search WHERE catalog_search MATCH %s"
        if len(long) == len(self.rhs):
            return self._among(found, (phrases,), compiler, connection)
        # As above: the names are ours, what was typed is a parameter.
        narrowed = f"SELECT id FROM catalog_revision WHERE id IN ({found}) AND {self._likes}"  # noqa: S608
        return self._among(narrowed, (phrases, *self._patterns), compiler, connection)

    def _among(
        self, ids: str, values: tuple[str, ...], compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN ({ids})", (*params, *values)

    @property
    def _likes(self) -> str:
        return " AND ".join("search LIKE %s ESCAPE '\\'" for _ in self.rhs)

    @property
    def _patterns(self) -> tuple[str, ...]:
        return tuple(f"%{_escaped(word)}%" for word in self.rhs)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
