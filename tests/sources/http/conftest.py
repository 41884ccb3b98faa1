"""Whatever a test of the door does, no log holds the key."""

import logging

import pytest

from tests.sources.http.asking import KEY


@pytest.fixture(autouse=True)
def no_key_in_the_log(caplog):
    caplog.set_level(logging.DEBUG)
    yield
    assert KEY not in caplog.text
