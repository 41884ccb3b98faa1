"""catalog_add, catalog_check, catalog_import and rotate_keys, as typed in a shell."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import Group
from django.core.management import CommandError

from catalog.models import Catalog, Credential, Offer, Sync
from catalog.sources.base import Fetched, Skip
from catalog.sources.errors import SourceRefused
from catalog.sync.lease import lease
from tests.commands.test_catalog_commands import run
from tests.make import SECRET, FixedSource, catalog, credential, record
from tests.serve import Answer, Script, serving

pytestmark = pytest.mark.django_db
ANSWER = Path(__file__).parents[1] / "sources/answers/freddy.json"
FREDDY = ("catalog_add", "--kind", "freddy", "--name", "Our Freddy", "--organization", "org_1")


@pytest.fixture
def key(monkeypatch):
    """The environment's FREDDY_KEY."""
    monkeypatch.setenv("FREDDY_KEY", SECRET)


# catalog_add


@pytest.mark.usefixtures("key")
def test_a_catalog_is_added_with_a_key_from_the_environment():
    code, out, _ = run(*FREDDY, "--key-env", "FREDDY_KEY", "--auth", "x-api-key")
    assert code == 0
    assert out == (
        "our-freddy: added, everyone who is signed in may see it. "
        "`catalog_check our-freddy` tries it, `catalog_sync our-freddy` reads it.\n"
    )
    made = Catalog.objects.get()
    assert (made.kind, made.organization, made.refresh_minutes, made.visibility) == ("freddy", "org_1", 60, "members")
    assert (made.credential.label, made.credential.scheme) == ("Our Freddy", "x-api-key")
    assert made.credential.secret == SECRET


def test_a_key_file_is_read_without_its_line_end(tmp_path):
    (tmp_path / "key").write_text(f"{SECRET}\n")
    run(*FREDDY, "--key-file", str(tmp_path / "key"))
    assert (Credential.objects.get().secret, Credential.objects.get().scheme) == (SECRET, "bearer")


@pytest.mark.usefixtures("key")
def test_everything_else_can_be_chosen():
    Group.objects.create(name="ML")
    more = ["--slug", "mine", "--base-url", "http://localhost:9/api", "--option", "global=yes"]
    run(*FREDDY, "--key-env", "FREDDY_KEY", *more, "--visibility", "groups", "--group", "ML")
    made = Catalog.objects.get()
    assert (made.slug, made.base_url, made.options) == ("mine", "http://localhost:9/api", {"global": True})
    assert (made.visibility, made.groups.get().name) == ("groups", "ML")


def test_one_without_a_key_is_public_and_has_its_kind_s_defaults():
    run("catalog_add", "--kind", "reference", "--name", "Prices", "--auth", "none")
    made = Catalog.objects.get()
    assert (made.visibility, made.credential, made.refresh_minutes) == ("public", None, 24 * 60)


@pytest.mark.usefixtures("key")
def test_a_second_credential_of_the_same_name_gets_a_number():
    credential("Our Freddy")
    run(*FREDDY, "--key-env", "FREDDY_KEY")
    assert Catalog.objects.get().credential.label == "Our Freddy (2)"


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "--key-env: Freddy organization needs a credential."),
        (["--key-env", "NOT_THERE"], "--key-env: There is no environment variable of this name, or it is empty."),
        (["--key-env", ""], "--key-env: There is no environment variable of this name, or it is empty."),
        (
            ["--key-file", "/nowhere/key"],
            "--key-file: The file with the key cannot be read: No such file or",
        ),
        (["--key-file", "/dev/null"], "--key-file: The file with the key is empty."),
        (["--key-env", SECRET], "--key-env: There is no environment variable of this name"),
        (["--key-file", SECRET], "--key-file: The file with the key cannot be read"),
        (["--key-env", "FREDDY_KEY", "--key-file", "/dev/null"], "from a variable or from a file, not from both."),
        (["--key-env", "FREDDY_KEY", "--auth", "none"], "--auth none goes without --key-env or --key-file."),
        (["--auth", "bearer"], "--auth bearer goes with --key-env or --key-file."),
        (["--key-env", "FREDDY_KEY", "--base-url", "nonsense"], "--base-url: A base URL begins with https:// or"),
        (["--key-env", "FREDDY_KEY", "--organization", "a/b"], "--organization: An organization's id has letters"),
        (["--key-env", "FREDDY_KEY", "--option", "nope=1"], "--option: Freddy organization has no option “nope”."),
        (["--key-env", "FREDDY_KEY", "--option", "global"], "--option global: write it as NAME=VALUE."),
        (["--key-env", "FREDDY_KEY", "--group", "Nobody"], "--group: There is no group “Nobody”."),
        (["--key-env", "FREDDY_KEY", "--visibility", "groups"], "--group: Choose at least one group, or another"),
        (["--key-env", "FREDDY_KEY", "--name", "a\0b"], "--name: Null characters are not allowed."),
        (["--key-env", "FREDDY_KEY", "--base-url", "https://a.example/\0"], "--base-url: Null characters are not"),
        (["--kind", "nope"], "--kind: There is no kind “nope”. There is: "),
    ],
)
def test_a_mistake_is_a_sentence_and_leaves_nothing(arguments, sentence):
    with pytest.raises(CommandError) as error:
        run(*FREDDY, *arguments)
    assert sentence in str(error.value)
    assert SECRET not in str(error.value)
    assert (Catalog.objects.count(), Credential.objects.count()) == (0, 0)


def test_a_key_is_no_argument():
    with pytest.raises(CommandError, match="ambiguous option: --key could match --key-env, --key-file") as error:
        run(*FREDDY, "--key", SECRET)
    assert SECRET not in str(error.value)


def test_a_kind_without_keys_takes_none(monkeypatch):
    monkeypatch.setenv("FREDDY_KEY", SECRET)
    with pytest.raises(CommandError, match="--key-env: Reference prices takes no credential"):
        run("catalog_add", "--kind", "reference", "--name", "Prices", "--key-env", "FREDDY_KEY")


def test_two_catalogs_do_not_share_a_name():
    catalog("Prices")
    with pytest.raises(CommandError, match="--name: Catalog with this Name already exists"):
        run("catalog_add", "--kind", "reference", "--name", "Prices")


# catalog_check


def test_a_check_over_the_network_stores_nothing():
    server = Script(Answer(ANSWER.read_bytes()))
    with serving(server) as url:
        key = credential(scheme="api-key")
        catalog("Team", kind="freddy", base_url=url, organization="org_abc123", credential=key)
        code, out, _ = run("catalog_check", "team")
    assert server.requests[0].headers["api-key"] == SECRET
    assert code == 0
    assert out.splitlines() == [
        "team: It answers with 6 models; 3 rows would be skipped. A sync would add 6.",
        "  skipped five: “id” is a whole number, not a text.",
        "  skipped No id and no key: It has no “id”.",
        "  skipped negative: The price -3 is negative.",
    ]
    assert (Offer.objects.count(), Sync.objects.count()) == (0, 0)


def test_a_check_that_finds_something_wrong_fails():
    catalog("Team")
    FixedSource.answer = SourceRefused("The key was refused.")
    assert run("catalog_check", "team")[:2] == (1, "team: The key was refused.\n")


def test_a_check_of_what_the_guard_would_hold_fails():
    catalog("Team")
    FixedSource.answer = Fetched((record("a"), record("b")))
    run("catalog_sync", "team")
    assert run("catalog_check", "team")[:2] == (0, "team: It answers with 2 models. A sync would change nothing.\n")
    FixedSource.answer = Fetched((record("a"),))
    code, out, _ = run("catalog_check", "team")
    assert code == 1
    assert "1 of 2 offers are gone" in out


def test_a_check_shows_ten_of_many_skipped_rows():
    catalog("Team")
    FixedSource.answer = Fetched((record("a"),), tuple(Skip(f"row {number}", "It has no id.") for number in range(15)))
    lines = run("catalog_check", "team")[1].splitlines()
    assert len(lines) == 12
    assert lines[-1] == "  and 5 more skipped"


@pytest.mark.parametrize("command", [("catalog_check", "nope"), ("catalog_import", "nope", "file")])
def test_an_unknown_name_is_answered_with_what_there_is(command):
    catalog("One")
    with pytest.raises(CommandError, match=r"No catalog is called nope\. There is: one\."):
        run(*command)


# catalog_import


def test_a_saved_answer_is_stored_as_one_that_was_fetched(tmp_path):
    catalog("Team", kind="freddy", organization="org_abc123")  # it needs no key, for nothing is asked
    assert run("catalog_import", "team", str(ANSWER))[:2] == (
        0,
        "team: stored (6 offers; 6 added; 3 rows were left out.)\n",
    )
    assert run("catalog_import", "team", str(ANSWER))[:2] == (0, "team: unchanged (6 offers; 3 rows were left out.)\n")
    assert Sync.objects.first().read_from == "freddy.json"
    empty = tmp_path / "empty.json"
    empty.write_text('{"models": []}')
    code, out, _ = run("catalog_import", "team", str(empty))
    assert code == 1
    assert out.startswith("team: held (")
    assert run("catalog_import", "team", str(empty), "--approve")[0] == 0
    (tmp_path / "page.html").write_text("<html>")
    code, out, _ = run("catalog_import", "team", str(tmp_path / "page.html"))
    assert code == 1
    assert "JSON" in out


def test_what_cannot_be_imported_is_said(tmp_path):
    team = catalog("Team", kind="freddy", organization="org_abc123")
    catalog("Packaged", kind="reference")
    with pytest.raises(CommandError, match=r"none.json cannot be read: No such file or directory\."):
        run("catalog_import", "team", str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match="Packaged is not read over the network, so there is no answer"):
        run("catalog_import", "packaged", str(ANSWER))
    with lease(team), pytest.raises(CommandError, match="Team is being synced already"):
        run("catalog_import", "team", str(ANSWER))
    assert not Sync.objects.exists()


# rotate_keys


def test_rotation_says_how_many_and_what_no_key_opens(settings):
    old, new, lost = (Fernet.generate_key().decode() for _ in range(3))
    settings.CREDENTIAL_KEYS = [old]
    credential("One")
    settings.CREDENTIAL_KEYS = [new, old]
    assert run("rotate_keys") == (0, "1 credential is encrypted under the first of CREDENTIAL_KEYS.\n", "")
    settings.CREDENTIAL_KEYS = [lost]
    credential("Two")
    settings.CREDENTIAL_KEYS = [new]
    code, out, err = run("rotate_keys")
    assert (code, out) == (1, "1 credential is encrypted under the first of CREDENTIAL_KEYS.\n")
    assert err.splitlines() == [
        "Two: none of CREDENTIAL_KEYS opens it; it stays as it is.",
        "Add the key that they were encrypted with to CREDENTIAL_KEYS, or enter them again.",
    ]
    settings.CREDENTIAL_KEYS = [new, lost]
    assert run("rotate_keys")[:2] == (0, "2 credentials are encrypted under the first of CREDENTIAL_KEYS.\n")
    settings.CREDENTIAL_KEYS = [new]
    assert [one.secret for one in Credential.objects.all()] == [SECRET, SECRET]


def test_a_file_of_another_shape_says_nothing_of_the_catalog(tmp_path):
    run("catalog_add", "--kind", "openrouter", "--name", "Router")
    wrong = tmp_path / "api.json"
    wrong.write_text('{"openai": {}}')
    code, said = run("catalog_import", "router", str(wrong))[:2]
    assert code == 1
    assert "does not have the documented shape" in said
    router = Catalog.objects.get(slug="router")
    assert (router.last_error, router.failures) == ("", 0)
