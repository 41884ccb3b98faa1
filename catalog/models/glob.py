"""Globs over text columns, with the same answer as `catalog.pricing.terms.fits`, on either database."""

from string import ascii_lowercase, ascii_uppercase

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


class Fits(Lookup):
    """Whether a text is what a glob says: ``filter(Fits(F("ref"), "gpt-4*"))``. The case of A to Z does not matter."""

    lookup_name = "fits"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """PostgreSQL lowers A to Z alone in the collation "C"; in others it would lower more than Python is told to."""
        column, params = self.process_lhs(compiler, connection)
        return f"lower({column} COLLATE \"C\") LIKE %s ESCAPE '\\'", (*params, self._like)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        """SQLite's LIKE knows the case of A to Z alone (https://www.sqlite.org/lang_expr.html#the_like_operator)."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s ESCAPE '\\'", (*params, self._like)

    @property
    def _like(self) -> str:
        escaped = self.rhs.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return str(escaped.translate(LOWER).replace("*", "%").replace("?", "_"))
