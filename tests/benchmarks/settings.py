"""The product's settings with one other address: the limit."""

from dashboard.settings import *  # noqa: F403 (all of them)

ROOT_URLCONF = "tests.benchmarks.urls"
