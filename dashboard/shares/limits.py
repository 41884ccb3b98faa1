"""How often something may happen in a minute: wrong tokens from one address, and visits of one link that count.

A token that opens something always does, whoever else is behind the same proxy and however many open it.
"""

import logging

from django.core.cache import cache
from django.http import HttpRequest

from dashboard.client import client_address

log = logging.getLogger(__name__)
MOST_GUESSES = 20
MOST_VISITS = 60
SECONDS = 60


def is_guessing(request: HttpRequest) -> bool:
    """Count one wrong token of this client; whether there have been too many."""
    return _times(f"share-guesses:{client_address(request)}") > MOST_GUESSES


def is_flooded(share: int) -> bool:
    """Note one visit of the link of this id; whether there are more than need counting: each one is a task."""
    return _times(f"share-visits:{share}") > MOST_VISITS


def _times(key: str) -> int:
    """How often this was asked of ``key`` in the minute that began with the first time, this one among them.

    A cache that is down keeps nobody from anything: every time is the first.
    """
    try:
        return 1 if cache.add(key, 1, SECONDS) else cache.incr(key)
    except ValueError:  # the minute has just ended
        return 1
    except Exception:
        log.exception("Nobody counts what may happen so many times a minute.")
        return 1
