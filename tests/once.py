"""What many tests look at is built once for all of them; what one of them changes is undone after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def built_once(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction around the tests of a module, each of which has one of its own within.

    For a fixture of the module that asks for ``django_db_setup`` first.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
