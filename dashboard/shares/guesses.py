"""Who tries tokens that open nothing is told to wait: so many wrong ones a minute from one address, and no more.

A token that opens something always does, whoever else is behind the same proxy.
"""

from django.core.cache import cache
from django.http import HttpRequest

from dashboard.client import client_address

MOST = 20
SECONDS = 60


def is_guessing(request: HttpRequest) -> bool:
    """Count one wrong token of this client; whether there have been too many."""
    key = f"share-guesses:{client_address(request)}"
    if cache.add(key, 1, SECONDS):
        return False
    try:
        return cache.incr(key) > MOST
    except ValueError:  # the minute has just ended
        return False
