"""Credential: a key for catalogs, encrypted in the database, decrypted only into the outgoing request."""

import re
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

from catalog.sources.kind import Scheme

DUMPED = "encrypted:"
"""What a secret begins with in a dump of the database; the ciphertext follows."""
TELLING = 12
"""A secret with fewer characters than this keeps its last four to itself."""


class Unopened(str):
    """What a stored secret is when none of CREDENTIAL_KEYS opens it: an empty text that keeps the ciphertext."""

    __slots__ = ("ciphertext",)
    ciphertext: str

    def __new__(cls, ciphertext: str) -> "Unopened":
        """An empty text, whatever the ciphertext."""
        made = super().__new__(cls)
        made.ciphertext = ciphertext
        return made


class EncryptedField(models.TextField):
    """Text that is ciphertext in the database (https://github.com/fernet/spec): the first key encrypts, all decrypt.

    A dump holds the ciphertext too, and a database that has the key reads it back.
    """

    def get_prep_value(self, value: Any) -> Any:
        """The ciphertext; of a secret that no key opened, the one it came with: the key may come back."""
        if isinstance(value, Unopened):
            return value.ciphertext
        return _fernet().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str, expression: Expression, connection: BaseDatabaseWrapper) -> str:
        """The text, or `Unopened` if no key fits."""
        return _opened(value)

    def to_python(self, value: Any) -> Any:
        """The text; that of a dump decrypted."""
        return _opened(value.removeprefix(DUMPED)) if isinstance(value, str) and value.startswith(DUMPED) else value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse an empty secret, but not one that no key opened."""
        if not isinstance(value, Unopened):
            super().validate(value, model_instance)

    def value_to_string(self, obj: models.Model) -> str:
        """What a dump shows."""
        return f"{DUMPED}{self.get_prep_value(self.value_from_object(obj))}"


def _opened(ciphertext: str) -> str:
    try:
        return _fernet().decrypt(ciphertext).decode() if ciphertext else ""
    except InvalidToken:
        return Unopened(ciphertext)


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])


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
        """Keep the last four characters of a secret that is long enough not to be told by them."""
        if self.opens:
            self.last_four = self.secret[-4:] if len(self.secret) >= TELLING else ""
        super().save(*args, **options)

    def clean(self) -> None:
        """Raise ValidationError, without the secret, if it cannot be sent in a header."""
        if self.opens and not re.fullmatch(r"[!-~]{1,8000}", self.secret):
            sentence = "A key is 1 to 8,000 plain ASCII characters without spaces; was this one copied whole?"
            raise ValidationError({"secret": sentence})

    @property
    def opens(self) -> bool:
        """Whether the secret could be decrypted."""
        return not isinstance(self.secret, Unopened)

    def headers(self) -> dict[str, str]:
        """The header that carries the secret: for the outgoing request alone."""
        return Scheme(self.scheme).headers(self.secret)
