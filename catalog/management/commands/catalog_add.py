"""catalog_add: set up a catalog from the command line."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.models import Visibility
from catalog.services.credentials import NoSecret, secret_from
from catalog.services.setup import catalog_add
from catalog.sources.kind import Scheme
from catalog.sources.kinds import KINDS

FLAGS = {"credential": "--key-env", "options": "--option", "groups": "--group"}


class Command(BaseCommand):
    """Add a catalog. A key is read from a variable or a file: an argument would show in lists of processes."""

    help = "Add a catalog, with a credential of its own if --key-env or --key-file names a key."

    def add_arguments(self, parser: CommandParser) -> None:
        """What the admin's form asks."""
        parser.add_argument("--kind", required=True, help=", ".join(KINDS))
        parser.add_argument("--name", required=True)
        parser.add_argument("--slug", default="", help="its part of addresses; made of the name if left out")
        parser.add_argument("--base-url", help="the kind's usual address if left out")
        parser.add_argument("--organization", help="the organization's id at the catalog")
        parser.add_argument("--auth", choices=[*map(str, Scheme), "none"], help="how the key is sent")
        parser.add_argument("--key-env", metavar="VAR", help="environment variable that holds the key")
        parser.add_argument("--key-file", type=Path, metavar="FILE", help="file that holds the key")
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--visibility", choices=[value.value for value in Visibility])
        parser.add_argument("--group", action="append", default=[], metavar="NAME", help="who sees it, with groups")

    def handle(self, *, auth: str | None, key_env: str | None, key_file: Path | None, **given: Any) -> None:
        """Add it and say what to do next."""
        try:
            secret = secret_from(variable=key_env, file=key_file)
        except NoSecret as error:
            raise CommandError(f"--key-{'env' if key_file is None else 'file'}: {error}") from None
        if auth and bool(secret) != (auth != "none"):
            raise CommandError(f"--auth {auth} goes {'without' if secret else 'with'} --key-env or --key-file.")
        fields = {name: given[name] for name in ("base_url", "organization", "visibility") if given[name]}
        try:
            catalog = catalog_add(
                kind=given["kind"],
                name=given["name"],
                slug=given["slug"],
                scheme=auth or "",
                secret=secret,
                groups=given["group"],
                options=_options(given["option"]),
                **fields,
            )
        except ValidationError as error:
            raise CommandError(_sentences(error)) from None
        self.stdout.write(
            f"{catalog.slug}: added, {catalog.get_visibility_display().lower()} may see it. "
            f"`catalog_check {catalog.slug}` tries it, `catalog_sync {catalog.slug}` reads it."
        )


def _options(given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if wrong := [text for text, (name, equals, _) in zip(given, pairs, strict=True) if not (name and equals)]:
        raise CommandError(f"--option {wrong[0]}: write it as NAME=VALUE.")
    return {name: value for name, _, value in pairs}


def _sentences(error: ValidationError) -> str:
    flags = {name: FLAGS.get(name, "--" + name.replace("_", "-")) for name in error.message_dict}
    return "\n".join(f"{flags[name]}: {' '.join(messages)}" for name, messages in error.message_dict.items())
