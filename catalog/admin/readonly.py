"""Permissions of what a sync owns: to look at, not to change."""

from django.http import HttpRequest


def never(self: object, request: HttpRequest, obj: object = None) -> bool:
    """No."""
    return False
