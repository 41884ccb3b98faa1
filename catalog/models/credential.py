"""Credential: a key for catalogs, encrypted in the database, decrypted only into the outgoing request."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import checks
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

from catalog.sources.kinds import Scheme


class Unopened(str):
    """What a stored secret is when none of CREDENTIAL_KEYS opens it: an empty text that tells so."""

    __slots__ = ()


class EncryptedField(models.TextField):
    """Text that is ciphertext in the database (https://github.com/fernet/spec): the first key encrypts, all decrypt."""

    def get_prep_value(self, value: Any) -> Any:
        """The ciphertext."""
        return _fernet().encrypt(value.encode()).decode() if value else ""

    def from_db_value(self, value: str, expression: Expression, connection: BaseDatabaseWrapper) -> str:
        """The text, or `Unopened` if no key fits."""
        try:
            return _fernet().decrypt(value).decode() if value else ""
        except InvalidToken:
            return Unopened()


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.CREDENTIAL_KEYS])


@checks.register(checks.Tags.security)
def check_keys(**options: object) -> list[checks.CheckMessage]:
    """Tell at start whether each of CREDENTIAL_KEYS is a Fernet key; the message does not show it."""
    problems: list[checks.CheckMessage] = []
    for number, key in enumerate(settings.CREDENTIAL_KEYS, 1):
        try:
            Fernet(key.strip())
        except ValueError:
            text = f"Key {number} of CREDENTIAL_KEYS is not a Fernet key: 32 random bytes as URL-safe base64."
            problems.append(checks.Error(text, id="catalog.E001"))
    return problems


class Credential(models.Model):
    """A key and how it is sent. The secret is write-only: pages show ``last_four`` alone."""

    label = models.CharField(max_length=80, unique=True)
    scheme = models.CharField(
        max_length=12, choices=[(scheme.value, scheme.value) for scheme in Scheme], default=Scheme.BEARER.value
    )
    secret = EncryptedField()
    last_four = models.CharField(max_length=4, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return f"{self.label} (…{self.last_four})" if self.last_four else self.label

    def __repr__(self) -> str:
        return f"<Credential {self.pk} {self.label}>"

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the last four characters of a secret that is long enough not to be told by them.

        A secret that no key opened stays as it is in the database: the key may come back.
        """
        if self.opens:
            self.last_four = self.secret[-4:] if len(self.secret) >= 12 else ""
        elif not self._state.adding:
            names = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            options["update_fields"] = (set(options.get("update_fields") or names)) - {"secret"}
        super().save(*args, **options)

    @property
    def opens(self) -> bool:
        """Whether the secret could be decrypted."""
        return not isinstance(self.secret, Unopened)

    def headers(self) -> dict[str, str]:
        """The header that carries the secret: for the outgoing request alone."""
        return Scheme(self.scheme).headers(self.secret)
