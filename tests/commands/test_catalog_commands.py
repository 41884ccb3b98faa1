"""catalog_sync, catalog_list and catalog_first_run, as typed in a shell."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.models import Catalog, Sync
from catalog.sources.base import Fetched, Skip
from catalog.sources.errors import SourceRefused
from catalog.sync.lease import lease
from tests.make import FixedSource, catalog, record, row

pytestmark = pytest.mark.django_db


def run(*args):
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(*args, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def test_sync_says_a_line_per_catalog():
    catalog("One")
    catalog("Two")
    FixedSource.answer = Fetched((record("a"), record("b")), (Skip("row 3", "It has no id."),))
    code, out, _ = run("catalog_sync", "--all")
    assert code == 0
    assert out == "".join(f"{slug}: stored (2 offers; 2 added; 1 row was left out.)\n" for slug in ("one", "two"))
    assert run("catalog_sync", "one")[1] == "one: unchanged (2 offers; 1 row was left out.)\n"


def test_sync_fails_loudly_and_goes_on():
    catalog("One")
    catalog("Two")
    FixedSource.answer = SourceRefused("The key was refused.")
    code, out, _ = run("catalog_sync", "one", "two")
    assert code == 1
    assert out == "one: failed (0 offers; The key was refused.)\ntwo: failed (0 offers; The key was refused.)\n"


def test_a_mistake_of_our_own_in_one_catalog_leaves_the_others_their_turn(caplog):
    catalog("One")
    catalog("Two")
    FixedSource.answer = Fetched((record("a", rates=(row(), row(above=5))),))  # tiers that overlap
    code, _, err = run("catalog_sync", "--all")
    assert code == 1
    assert err == "".join(f"{slug}: Ratecard itself failed; its log has the details.\n" for slug in ("one", "two"))
    assert caplog.text.count("rate_no_overlap") >= 2


def test_a_disabled_catalog_is_synced_when_named_and_that_is_said():
    catalog("One", enabled=False)
    FixedSource.answer = Fetched((record("a"),))
    out = run("catalog_sync", "one")
    assert "one: stored (1 offers; 1 added); it is disabled, so pages show nothing of it" in str(out)


def test_a_held_sync_is_a_failure_until_it_is_approved():
    catalog("One")
    FixedSource.answer = Fetched((record("a"), record("b")))
    run("catalog_sync", "one")
    FixedSource.answer = Fetched((record("a"),))
    code, out, _ = run("catalog_sync", "one")
    assert code == 1
    assert out == "one: held (1 offers; would retire 1; 1 of 2 offers are gone, more than 20%. Nothing was stored.)\n"
    assert run("catalog_sync", "one", "--approve")[:2] == (0, "one: stored (1 offers; 1 retired)\n")


def test_a_sync_under_way_is_said():
    team = catalog("One")
    with lease(team):
        code, _, err = run("catalog_sync", "one")
    assert code == 1
    assert "One is being synced already." in err


def test_disabled_catalogs_are_synced_only_by_name():
    catalog("Off", enabled=False)
    with pytest.raises(CommandError, match="Name a catalog or say --all"):
        run("catalog_sync", "--all")
    FixedSource.answer = Fetched((record("a"),))
    assert run("catalog_sync", "off")[0] == 0


def test_an_unknown_name_is_answered_with_what_there_is():
    catalog("One")
    with pytest.raises(CommandError, match=r"No catalog is called nope\. There is: one\."):
        run("catalog_sync", "nope")


def test_list():
    assert "No catalog yet" in run("catalog_list")[1]
    catalog("One")
    FixedSource.answer = Fetched((record("a"),))
    run("catalog_sync", "one")
    catalog("Never", enabled=False)
    lines = run("catalog_list")[1].splitlines()
    assert lines[0].split("  ")[0] == "never"
    assert "0 offers  never read  disabled" in lines[0]
    assert "1 offers  read 20" in lines[1]


def test_the_first_run_brings_the_reference_and_two_examples_once():
    code, out, _ = run("catalog_first_run")
    assert code == 0
    assert "reference: stored (2,330 offers; 2,330 added)" in out
    assert "freddy-example: stored (8 offers; 8 added)" in out
    assert "galtea-example: stored (6 offers; 6 added)" in out
    assert run("catalog_first_run") == (0, "", "")
    assert (Catalog.objects.count(), Sync.objects.count()) == (3, 3)
    assert list(Catalog.objects.filter(is_example=True).values_list("kind", flat=True)) == ["freddy", "galtea"]


def test_a_first_run_without_examples():
    run("catalog_first_run", "--no-examples")
    assert list(Catalog.objects.values_list("slug", flat=True)) == ["reference"]


def test_examples_do_not_come_where_somebody_has_signed_in(django_user_model):
    django_user_model.objects.create_user("dana", last_login=timezone.now())
    run("catalog_first_run")
    assert not Catalog.objects.filter(is_example=True).exists()


def test_a_first_run_that_was_stopped_goes_on():
    catalog("Reference", kind="reference")
    assert "stored" in run("catalog_first_run")[1]


def test_where_there_are_catalogs_nothing_is_added():
    catalog("Own")
    assert run("catalog_first_run") == (0, "", "")
    assert Catalog.objects.count() == 1
