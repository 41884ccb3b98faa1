"""CATALOGS_FILE: catalogs set up by a file, applied as often as one likes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError
from django.utils import timezone

from catalog.models import Catalog, Credential
from catalog.services.catalogs_file import TYPES
from tests.commands.test_catalog_commands import run
from tests.make import SECRET, catalog, credential

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).parents[2] / "catalogs.example.toml"
TEAM = """
[catalogs.team]
kind = "freddy"
name = "Team"
organization = "org_1"
key_env = "FREDDY_KEY"
"""


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv("FREDDY_KEY", SECRET)


@pytest.fixture
def file(tmp_path):
    """Writes the file and gives its path."""

    def write(text: str) -> str:
        path = tmp_path / "catalogs.toml"
        path.write_text(text)
        return str(path)

    return write


def test_the_example_tells_every_key():
    assert set(re.findall(r"^(?:# )?(\w+) = ", EXAMPLE.read_text(), re.MULTILINE)) >= TYPES.keys() - {"options"}


def test_the_example_can_be_applied(monkeypatch):
    monkeypatch.setenv("FREDDY_API_KEY", SECRET)
    assert run("catalogs_apply", str(EXAMPLE))[:2] == (0, "team-freddy: added\nreference: added\n")
    made = Catalog.objects.get(slug="team-freddy")
    assert (made.name, made.refresh_minutes, made.visibility) == ("Freddy (our team)", 120, "members")
    assert made.credential.secret == SECRET


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match=r"none\.toml cannot be read: No such file or directory\. Nothing of the"):
        run("catalogs_apply", str(tmp_path / "none.toml"))


def test_a_file_of_a_user_who_is_not_there_is_said():
    with pytest.raises(CommandError, match=r"^~nosuchuser/catalogs\.toml cannot be read: there is no such user\."):
        run("catalogs_apply", "~nosuchuser/catalogs.toml")


def test_applying_twice_changes_nothing(file):
    assert run("catalogs_apply", file(TEAM))[1] == "team: added\n"
    before = list(Catalog.objects.values()) + list(Credential.objects.values())
    assert run("catalogs_apply", file(TEAM))[1] == "Nothing to change: the catalogs are as the file says.\n"
    assert list(Catalog.objects.values()) + list(Credential.objects.values()) == before


def test_what_changed_is_said(file, monkeypatch):
    Group.objects.create(name="ML")
    run("catalogs_apply", file(TEAM))
    monkeypatch.setenv("FREDDY_KEY", "sk-another-key-1111")
    more = 'visibility = "groups"\ngroups = ["ML"]\nenabled = false\n[catalogs.team.options]\nglobal = true\n'
    assert (
        run("catalogs_apply", file(TEAM + more))[1]
        == "team: changed visibility, enabled, options, credential, groups\n"
    )
    made = Catalog.objects.get()
    assert (made.enabled, made.options, made.groups.get().name) == (False, {"global": True}, "ML")
    assert made.credential.secret == "sk-another-key-1111"
    assert Credential.objects.count() == 1


def test_what_a_table_leaves_out_stays_as_it_is(file):
    run("catalogs_apply", file(TEAM))
    Catalog.objects.update(refresh_minutes=300, enabled=False)
    run("catalogs_apply", file('[catalogs.team]\nname = "Renamed"\n'))
    made = Catalog.objects.get()
    assert (made.name, made.refresh_minutes, made.enabled) == ("Renamed", 300, False)
    assert made.credential.secret == SECRET


def test_a_file_that_says_nothing_of_groups_leaves_them(file):
    more = 'visibility = "groups"\n'
    Group.objects.create(name="ML")
    run("catalogs_apply", file(TEAM + more + 'groups = ["ML"]\n'))
    assert "Nothing to change" in run("catalogs_apply", file(TEAM + more))[1]
    with pytest.raises(CommandError, match="groups: Choose at least one group"):
        run("catalogs_apply", file("[catalogs.team]\ngroups = []\n"))
    assert Catalog.objects.get().groups.get().name == "ML"


def test_catalogs_that_are_not_in_the_file_are_left_alone(file):
    catalog("Other")
    run("catalogs_apply", file(TEAM))
    run("catalogs_apply", file(""))
    assert set(Catalog.objects.values_list("slug", flat=True)) == {"other", "team"}


def test_a_credential_that_others_use_is_not_changed_for_them(file):
    shared = credential("Shared", secret="sk-shared-by-two-1111")
    other = catalog("Other", kind="freddy", organization="org_2", credential=shared)
    catalog("Team", kind="freddy", organization="org_1", credential=shared)
    assert run("catalogs_apply", file(TEAM))[1] == "team: changed credential\n"
    other.refresh_from_db()
    assert other.credential.secret == "sk-shared-by-two-1111"
    assert Catalog.objects.get(slug="team").credential.secret == SECRET


def test_a_secret_that_no_key_opens_is_entered_again(file, settings):
    run("catalogs_apply", file(TEAM))
    settings.CREDENTIAL_KEYS = ["A" * 43 + "="]
    assert not Credential.objects.get().opens
    assert run("catalogs_apply", file(TEAM))[1] == "team: changed credential\n"
    assert Credential.objects.get().secret == SECRET


def test_auth_none_takes_the_key_away(file):
    run("catalogs_apply", file(TEAM))
    with pytest.raises(CommandError, match="auth: Freddy organization needs a credential"):
        run("catalogs_apply", file('[catalogs.team]\nauth = "none"\n'))
    assert Catalog.objects.get().credential.secret == SECRET


def test_a_key_file_lies_beside_the_file(file, tmp_path):
    (tmp_path / "freddy.key").write_text(f"{SECRET}\n")
    run("catalogs_apply", file(TEAM.replace('key_env = "FREDDY_KEY"', 'key_file = "freddy.key"\nauth = "api-key"')))
    assert (Credential.objects.get().secret, Credential.objects.get().scheme) == (SECRET, "api-key")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[catalogs.team", "is not TOML: "),
        ("[team]\nkind = 'freddy'", "team: every catalog is a table of its own, such as [catalogs.team]."),
        ("catalogs = 1", "write a catalog as a table"),
        ("[catalogs]\nteam = 1", "catalogs.team: write a catalog as a table"),
        (TEAM + "colour = 'red'", "[catalogs.team] colour: there is no such key. There is: kind, name,"),
        (TEAM + "key = 'x'", "[catalogs.team] key: keys are not written into this file; use key_env or key_file."),
        (TEAM + "enabled = 'no'", "[catalogs.team] enabled: it has to be true or false."),
        (TEAM + "refresh_minutes = true", "[catalogs.team] refresh_minutes: it has to be a whole number."),
        (TEAM + "refresh_minutes = 5", "[catalogs.team] refresh_minutes: Freddy organization wants at least 60 min"),
        (TEAM + "groups = [1]", "[catalogs.team] groups: it has to be a list of groups' names."),
        (TEAM + "groups = ['Nobody']", "[catalogs.team] groups: There is no group “Nobody”."),
        (TEAM + "visibility = 'groups'", "[catalogs.team] groups: Choose at least one group, or another visibility."),
        (TEAM + "refresh_minutes = 525601", "[catalogs.team] refresh_minutes: 525,600 min, a year, are the most"),
        (TEAM + "refresh_minutes = 10_000_000_000_000", "[catalogs.team] refresh_minutes: 525,600 min, a year, are"),
        (TEAM.replace('"Team"', '"Te\\u0000am"'), "holds a NUL character, which no catalog can keep."),
        (TEAM + "visibility = 'all'", "[catalogs.team] visibility: Value 'all' is not a valid choice."),
        (TEAM + "auth = 'basic'", "[catalogs.team] auth: it is one of bearer, x-api-key, api-key, none."),
        (TEAM + "base_url = 'freddy'", "[catalogs.team] base_url: A base URL begins with"),
        (TEAM + "options = {all = true}", "[catalogs.team] options: Freddy organization has no option “all”."),
        (TEAM.replace("FREDDY_KEY", "NONE"), "[catalogs.team] key_env: There is no environment variable of this name"),
        (TEAM.replace("FREDDY_KEY", ""), "[catalogs.team] key_env: There is no environment variable of this name"),
        (TEAM.replace("FREDDY_KEY", SECRET), "[catalogs.team] key_env: There is no environment variable of this name"),
        (TEAM.replace('env = "FREDDY_KEY', f'file = "{SECRET}'), "[catalogs.team] key_file: The file with the key"),
        (
            TEAM.replace('key_env = "FREDDY_KEY"', 'key_file = "~nosuchuser/key"'),
            "[catalogs.team] key_file: The file with the key cannot be read: there is no such user.",
        ),
        (TEAM.replace('key_env = "FREDDY_KEY"', "auth = 'bearer'"), "neither key_env nor key_file says which."),
        (
            TEAM.replace('key_env = "FREDDY_KEY"', ""),
            "[catalogs.team] key_env: Freddy organization needs a",
        ),
        (TEAM.replace("freddy", "nope"), "[catalogs.team] kind: There is no kind “nope”."),
        (TEAM.replace('kind = "freddy"', ""), "[catalogs.team] kind: a new catalog needs one."),
        (TEAM.replace("catalogs.team", "catalogs.'my team'"), "[catalogs.my team] (the name of the table): Enter a"),
        (TEAM.replace("org_1", "org 1"), "[catalogs.team] organization: An organization's id has letters"),
        (TEAM.replace("catalogs.team", "catalogs.other"), "kind: this catalog is of the kind “fixed” already"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_applied(file, text, sentence):
    catalog("Other")
    first = '[catalogs.first]\nkind = "reference"\n'
    path = file(text if text == "catalogs = 1" or text.startswith("[catalogs]") else first + text)
    with pytest.raises(CommandError) as error:
        run("catalogs_apply", path)
    assert sentence in str(error.value)
    assert str(error.value).startswith(path)
    assert str(error.value).endswith("Nothing of the file was applied.")
    assert SECRET not in str(error.value)
    assert list(Catalog.objects.values_list("slug", flat=True)) == ["other"]
    assert not Credential.objects.exists()


def test_without_a_file_it_says_how_to_name_one():
    with pytest.raises(CommandError, match="Name a file, or set CATALOGS_FILE"):
        run("catalogs_apply")


def test_a_start_applies_the_file_though_a_catalog_cannot_be_read(file, settings):
    settings.CATALOGS_FILE = file(TEAM)
    reference = catalog("Reference", kind="reference")
    later = timezone.now() + timedelta(minutes=5)
    Catalog.objects.update(lease_holder="another-host:1:abcd", lease_until=later)
    assert run("catalog_first_run") == (0, "team: added\n", "reference: Reference is being synced already.\n")
    reference.refresh_from_db()
    assert reference.read_at is None


def test_a_start_applies_the_file_and_goes_on_with_a_mistake_in_it(file, settings):
    catalog("Own")
    settings.CATALOGS_FILE = file(TEAM)
    assert run("catalog_first_run") == (0, "team: added\n", "")
    assert run("catalog_first_run") == (0, "", "")
    settings.CATALOGS_FILE = file(TEAM + "colour = 'red'")
    code, out, err = run("catalog_first_run")
    assert (code, out) == (0, "")
    assert err.startswith(f"{settings.CATALOGS_FILE}, [catalogs.team] colour: ")
    assert err.endswith("Nothing of the file was applied; the catalogs are as they were.\n")
    assert Catalog.objects.count() == 2
