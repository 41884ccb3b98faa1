"""What Django's migrations cannot say: no overlapping tiers, and the search index. One version per database."""

from django.db import migrations

SQLITE = [
    # Tiers (above, up_to] of one revision and mode: SQLite has no exclusion constraints, so triggers refuse overlaps.
    *(
        f"""
        CREATE TRIGGER rate_no_overlap_{event.split()[0].lower()} BEFORE {event} ON catalog_rate
        WHEN EXISTS (
            SELECT 1 FROM catalog_rate other
            WHERE other.revision_id = NEW.revision_id AND other.mode = NEW.mode AND other.id IS NOT NEW.id
            AND other.above < coalesce(NEW.up_to, 9223372036854775807)
            AND NEW.above < coalesce(other.up_to, 9223372036854775807)
        )
        BEGIN SELECT RAISE(ABORT, 'rate_no_overlap: tiers of one revision and mode overlap'); END
        """
        for event in ("INSERT", "UPDATE OF revision_id, mode, above, up_to")
    ),
    """
    CREATE VIRTUAL TABLE catalog_search USING fts5(
        search, content='catalog_revision', content_rowid='id', tokenize='trigram'
    )
    """,
    """
    CREATE TRIGGER search_insert AFTER INSERT ON catalog_revision BEGIN
        INSERT INTO catalog_search(rowid, search) VALUES (NEW.id, NEW.search);
    END
    """,
    """
    CREATE TRIGGER search_delete AFTER DELETE ON catalog_revision BEGIN
        INSERT INTO catalog_search(catalog_search, rowid, search) VALUES ('delete', OLD.id, OLD.search);
    END
    """,
    """
    CREATE TRIGGER search_update AFTER UPDATE OF search ON catalog_revision BEGIN
        INSERT INTO catalog_search(catalog_search, rowid, search) VALUES ('delete', OLD.id, OLD.search);
        INSERT INTO catalog_search(rowid, search) VALUES (NEW.id, NEW.search);
    END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER rate_no_overlap_insert",
    "DROP TRIGGER rate_no_overlap_update",
    "DROP TRIGGER search_insert",
    "DROP TRIGGER search_delete",
    "DROP TRIGGER search_update",
    "DROP TABLE catalog_search",
]
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    ALTER TABLE catalog_rate ADD CONSTRAINT rate_no_overlap
    EXCLUDE USING gist (revision_id WITH =, mode WITH =, int8range(above, up_to, '(]') WITH &&)
    """,
    "CREATE INDEX revision_search ON catalog_revision USING gin (search gin_trgm_ops)",
]
POSTGRESQL_BACK = ["DROP INDEX revision_search", "ALTER TABLE catalog_rate DROP CONSTRAINT rate_no_overlap"]


def forwards(apps, schema_editor):
    run(schema_editor, SQLITE, POSTGRESQL)


def backwards(apps, schema_editor):
    run(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


def run(schema_editor, sqlite, postgresql):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_tables")]
    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
