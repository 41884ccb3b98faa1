"""The catalogs that links are of, built once for each module; what a test changes of them is undone after it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.once import built_once
from tests.pages import world
from tests.pages.shares import shared
from tests.pages.world import browser_of


@pytest.fixture(scope="module")
def _two_catalogs(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with built_once(django_db_blocker):
        shared.build()
        yield


@pytest.fixture(scope="module")
def _whole_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with built_once(django_db_blocker):
        world.build()
        yield


@pytest.fixture
def _world(_whole_world: None) -> None:
    cache.clear()  # of the guesses and visits of other tests


@pytest.fixture
def dana(db: None) -> Client:
    """Signed in as somebody without rights of her own."""
    User.objects.create_user("dana")
    return browser_of("dana")
