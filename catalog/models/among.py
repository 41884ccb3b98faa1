"""Ids of rows as one text, from an aggregate into the next statement."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, TextField
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[str | int, ...]]
"""A piece of a statement and its parameters."""


class Bound(str):
    """A parameter that another may take the place of, when its statement is run again."""

    __slots__ = ()


class Ids(Aggregate):
    """The ids of a group, with commas between them."""

    name = "Ids"
    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """PostgreSQL's is called otherwise, and takes texts alone."""
        template = "STRING_AGG(%(expressions)s::text, ',')"
        return super().as_sql(compiler, connection, template=template)


class Among(Lookup):
    """Whether an id is one of ``Bound("1,2,3")``: ``filter(Among(F("pk"), ids))``. All of them are one parameter."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """PostgreSQL reads the text as an array."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(string_to_array(%s, ',')::bigint[])", (*params, self.rhs)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """SQLite reads it as JSON."""
        column, params = self.process_lhs(compiler, connection)
        listed = "SELECT value FROM json_each('[' || %s || ']')"
        return f"{column} IN ({listed})", (*params, self.rhs)
