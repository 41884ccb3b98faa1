"""Where secrets come from besides the admin, and how all get under a new key."""

import os
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from catalog.models import Credential


class NoSecret(ValueError):
    """There is no secret where one should be; the message says where, and shows nothing of what is there."""


def secret_from(*, variable: str | None = None, file: Path | None = None) -> str:
    """The secret in an environment variable or a file, "" if neither is named. Raises NoSecret."""
    if variable is not None and file is not None:
        raise NoSecret("A key comes from a variable or from a file, not from both.")
    if variable is not None:
        secret = os.environ.get(variable, "").strip()
        if not secret:  # its name is not said: it may be a key put there by mistake
            raise NoSecret("There is no environment variable of this name, or it is empty.")
        return secret
    if file is None:
        return ""
    try:
        secret = file.expanduser().read_text().strip()
    except (OSError, ValueError, RuntimeError) as error:
        nobody = isinstance(error, RuntimeError)
        why = "there is no such user" if nobody else getattr(error, "strerror", None) or "it is not a text file"
        raise NoSecret(f"The file with the key cannot be read: {why}.") from None
    if not secret:
        raise NoSecret("The file with the key is empty.")
    return secret


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
