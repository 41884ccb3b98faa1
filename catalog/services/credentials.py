"""Credentials under new keys."""

from typing import NamedTuple

from django.db import transaction

from catalog.models import Credential


class Rotation(NamedTuple):
    """How many secrets are now under the first of CREDENTIAL_KEYS, and the labels of those that no key opens."""

    done: int
    unopened: tuple[str, ...]


@transaction.atomic
def keys_rotate() -> Rotation:
    """Encrypt every secret under the first of CREDENTIAL_KEYS. One that no key opens stays as it is."""
    credentials = list(Credential.objects.select_for_update())
    opened = [credential for credential in credentials if credential.opens]
    for credential in opened:
        credential.save(update_fields=["secret"])
    return Rotation(len(opened), tuple(credential.label for credential in credentials if not credential.opens))
