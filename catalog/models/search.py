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
    """The words of a search, in lower case, the longest first since they narrow it most."""
    return sorted(dict.fromkeys(text.casefold().split()), key=len, reverse=True)


class SearchText(models.TextField):
    """Text in lower case that ``search__words=[…]`` finds: every word, in any order, inside words too."""


@SearchText.register_lookup
class Words(Lookup):
    """Rows of Revision whose search text holds every one of the given words."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """One LIKE per word; PostgreSQL answers them from its trigram index."""
        column, params = self.process_lhs(compiler, connection)
        likes = " AND ".join(f"{column} LIKE %s ESCAPE '\\'" for _ in self.rhs)
        return f"({likes})", (*params, *(f"%{_escaped(word)}%" for word in self.rhs))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """The trigram table narrows by every word of three letters or more; LIKE does the rest."""
        long = [word for word in self.rhs if len(word) >= 3]
        sql, params = self.as_sql(compiler, connection)
        if not long:
            return sql, params
        table, _, _ = self.process_lhs(compiler, connection)[0].rpartition(".")
        phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        # The names are ours; what was typed is a parameter.
        found = f"{table}.id IN (SELECT rowid FROM catalog_search WHERE catalog_search MATCH %s)"  # noqa: S608
        if len(long) == len(self.rhs):
            return found, (phrases,)
        return f"({found} AND {sql})", (phrases, *params)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
