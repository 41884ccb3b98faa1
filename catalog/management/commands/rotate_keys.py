"""rotate_keys: bring all secrets under a new key."""

import sys

from django.core.management.base import BaseCommand

from catalog.services.credentials import keys_rotate


class Command(BaseCommand):
    """Encrypt every secret under the first of CREDENTIAL_KEYS; afterwards the other keys are needed no more."""

    help = "Encrypt every credential under the first of CREDENTIAL_KEYS; exit code 1 if no key opens one of them."

    def handle(self, *args: object, **options: object) -> None:
        """Say how many, and which could not be opened."""
        rotation = keys_rotate()
        secrets = "1 credential is" if rotation.done == 1 else f"{rotation.done:,} credentials are"
        self.stdout.write(f"{secrets} encrypted under the first of CREDENTIAL_KEYS.")
        if not rotation.unopened:
            return
        for label in rotation.unopened:
            self.stderr.write(f"{label}: none of CREDENTIAL_KEYS opens it; it stays as it is.")
        self.stderr.write("Add the key that they were encrypted with to CREDENTIAL_KEYS, or enter them again.")
        sys.exit(1)
