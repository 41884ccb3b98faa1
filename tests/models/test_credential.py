"""A credential's secret: ciphertext at rest, opened by any of the keys, shown by nothing."""

import copy
import io
import pickle
from itertools import product

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.forms.models import model_to_dict

from catalog.models import Credential, Outcome
from catalog.services.credentials import keys_rotate
from catalog.sync.run import sync_catalog
from tests.make import SECRET, catalog, credential

pytestmark = pytest.mark.django_db
OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


def stored(made: Credential) -> str:
    """The secret as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM catalog_credential WHERE id = %s", [made.pk])
        return str(cursor.fetchone()[0])


def test_the_database_holds_ciphertext_alone():
    made = credential()
    assert SECRET not in stored(made)
    assert stored(made).startswith("gAAAA")
    assert Credential.objects.get().secret == SECRET
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM catalog_credential")
        assert SECRET not in str(cursor.fetchall())


def test_the_first_key_encrypts_and_all_decrypt(settings):
    settings.CREDENTIAL_KEYS = [OLD]
    made = credential()
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    assert Credential.objects.get().secret == SECRET
    Credential.objects.get().save()
    settings.CREDENTIAL_KEYS = [NEW]
    assert Credential.objects.get().secret == SECRET
    assert Fernet(NEW).decrypt(stored(made)).decode() == SECRET


def test_a_secret_that_no_key_opens_is_kept_until_its_key_is_back(settings):
    settings.CREDENTIAL_KEYS = [OLD]
    made = credential()
    before = stored(made)
    settings.CREDENTIAL_KEYS = [NEW]
    shut = Credential.objects.get()
    assert (shut.opens, shut.secret) == (False, "")
    shut.label = "Renamed"
    shut.full_clean()
    shut.save()
    shut.save(update_fields=["label", "secret"])
    assert stored(made) == before
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    again = Credential.objects.get()
    assert (again.label, again.secret, again.last_four) == ("Renamed", SECRET, "9876")


# What is unpickled is what this test has just pickled.
@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301
def test_a_copy_of_what_no_key_opens_is_still_kept(way, settings):
    settings.CREDENTIAL_KEYS = [OLD]
    made = credential()
    before = stored(made)
    settings.CREDENTIAL_KEYS = [NEW]
    way(Credential.objects.get()).save()
    assert stored(made) == before


def test_a_new_secret_takes_the_place_of_one_that_no_key_opens(settings):
    settings.CREDENTIAL_KEYS = [OLD]
    credential()
    settings.CREDENTIAL_KEYS = [NEW]
    shut = Credential.objects.get()
    shut.secret = "sk-another-one-4321"
    shut.save()
    again = Credential.objects.get()
    assert (again.secret, again.last_four) == ("sk-another-one-4321", "4321")


def test_a_sync_with_a_secret_that_no_key_opens_fails_with_what_to_do(settings):
    settings.CREDENTIAL_KEYS = [OLD]
    team = catalog(kind="freddy", organization="org_1", credential=credential())
    settings.CREDENTIAL_KEYS = [NEW]
    sync = sync_catalog(team)
    assert sync.outcome == Outcome.FAILED
    assert sync.message == (
        "The credential Team key cannot be decrypted with any of CREDENTIAL_KEYS. "
        "Bring the old key back, or enter the secret again."
    )


@pytest.mark.parametrize(("secret", "last"), [("sk-12345678", ""), ("sk-123456789", "6789"), (SECRET, "9876")])
def test_the_last_four_are_told_of_a_long_secret_alone(secret, last):
    assert credential(secret=secret).last_four == last


def test_nothing_that_prints_a_credential_shows_the_secret():
    made = credential()
    # The old way to format is one of the ways that must not show it.
    shown = [str(made), repr(made), repr([made]), repr(Credential.objects.all()), f"{made}", "%s %r" % (made, made)]  # noqa: UP031
    assert [text for text in shown if SECRET in text] == []
    assert str(made) == "Team key (…9876)"


@pytest.mark.parametrize("kind", ["json", "python", "xml", "jsonl"])
def test_a_serialized_credential_holds_ciphertext(kind):
    credential()
    assert SECRET not in str(serializers.serialize(kind, Credential.objects.all()))


@pytest.mark.parametrize("with_key", [True, False])
def test_a_dump_is_ciphertext_and_loads_again(settings, tmp_path, with_key):
    settings.CREDENTIAL_KEYS = [OLD]
    made = credential()
    if not with_key:
        settings.CREDENTIAL_KEYS = [NEW]
    file = tmp_path / "dump.json"
    call_command("dumpdata", "catalog.credential", output=str(file))
    assert SECRET not in file.read_text()
    made.delete()
    call_command("loaddata", str(file), stdout=io.StringIO())
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    assert Credential.objects.get().secret == SECRET


def test_a_form_s_copy_of_what_no_key_opens_is_empty(settings):
    settings.CREDENTIAL_KEYS = [OLD]
    credential()
    settings.CREDENTIAL_KEYS = [NEW]
    assert model_to_dict(Credential.objects.get())["secret"] == ""


@pytest.mark.parametrize("wrong", ["", "two words", "line\nbreak", "k\u00e9y", "\u2022" * 12, "x" * 8001])
def test_a_secret_that_no_header_can_carry_is_refused_without_showing_it(wrong):
    with pytest.raises(ValidationError) as error:
        Credential(label="Team key", secret=wrong).full_clean()
    assert list(error.value.message_dict) == ["secret"]
    assert not wrong or wrong not in str(error.value)


def test_rotation_brings_every_secret_under_the_first_key(settings):
    settings.CREDENTIAL_KEYS = [OLD]
    first = credential("One")
    settings.CREDENTIAL_KEYS = [OTHER]
    shut = credential("Two")
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    fresh = credential("Three", secret="sk-three-three-3333")
    before, changed = stored(shut), Credential.objects.get(label="One").changed_at
    assert keys_rotate() == (2, ("Two",))
    for made, secret in ((first, SECRET), (fresh, "sk-three-three-3333")):
        assert Fernet(NEW).decrypt(stored(made)).decode() == secret
    assert stored(shut) == before
    assert Credential.objects.get(label="One").changed_at == changed
    assert keys_rotate() == (2, ("Two",))


@pytest.mark.parametrize(("scheme", "header"), [("bearer", "Authorization"), ("x-api-key", "X-API-Key")])
def test_the_header_carries_the_secret_as_the_scheme_says(scheme, header):
    prefix = {"bearer": "Bearer "}.get(scheme, "")
    assert credential(scheme=scheme).headers() == {header: f"{prefix}{SECRET}"}


def test_what_the_same_secret_is_encrypted_to_differs_each_time():
    made = [credential(label) for label in "abc"]
    assert all(stored(one) != stored(other) for one, other in product(made, made) if one is not other)
