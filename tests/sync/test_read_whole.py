"""A table that is read from end to end while a sync stores: its rows are of one moment, and the sync need not wait."""

# Reads the first rows, lets a sync of another connection change every price, and reads on.
READ = """
import dataclasses, threading
import django
django.setup()
from django.db import connection
from django.http import QueryDict
from catalog.models import Catalog, Rate
from catalog.services.asked import offers_asked
from catalog.services.offers import every_offer_line
from catalog.services.sorting import DEFAULT
from catalog.sources.kinds import KINDS
from tests.make import DOLLAR, catalog, record, row, sync

def records(price):
    return [record(f"m{n:05}", rates=(row(input=price),)) for n in range(2_500)]

team = catalog()
sync(team, *records(DOLLAR))
catalogs = list(Catalog.objects.all())
offers = offers_asked(QueryDict(), catalogs)
lines = every_offer_line(offers, DEFAULT, with_next=True, with_held=True)
found = [next(lines).input]

def change():
    print(sync(Catalog.objects.get(), *records(2 * DOLLAR), approve=True).changed)
    connection.close()

meanwhile = threading.Thread(target=change)
meanwhile.start()
meanwhile.join(60)
found += [line.input for line in lines]
print(len(found), set(found))
print(Rate.objects.filter(listed=True, input=2 * DOLLAR).count())
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        print(cursor.execute("PRAGMA mmap_size").fetchone()[0])
"""


def test_all_rows_are_of_the_moment_before_the_sync(installation):
    changed, read, now, *mapped = installation.python(READ).splitlines()
    assert (changed, read, now) == ("2500", "2500 {1000000}", "2500")
    assert mapped in ([], ["268435456"])  # what pages read by is as it was
