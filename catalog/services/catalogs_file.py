"""The file of catalogs (CATALOGS_FILE): TOML, a table for each, applied as often as one likes.

It adds and changes, and never deletes. What a table leaves out stays as it is; of a new catalog it is the kind's
default. Either all of the file is applied or, where it holds a mistake, nothing.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.models import Catalog
from catalog.services.credentials import NoSecret, secret_from
from catalog.services.setup import catalog_add, catalog_set
from catalog.sources.kind import Scheme

TYPES: dict[str, type] = {
    "kind": str,
    "name": str,
    "base_url": str,
    "organization": str,
    "auth": str,
    "key_env": str,
    "key_file": str,
    "options": dict,
    "visibility": str,
    "groups": list,
    "refresh_minutes": int,
    "enabled": bool,
}
WORDS = {str: "text in quotes", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}
SECRETS = ("key", "secret", "token", "password", "api_key")


class FileMistake(ValueError):
    """The file cannot be applied; the message names the table and the key, and says what is wrong."""


@transaction.atomic
def catalogs_apply(path: Path) -> list[str]:
    """Set up what the file says; a line for each catalog that this added or changed. Raises FileMistake."""
    tables = _read(path)
    return [line for slug, table in tables.items() if (line := _apply(path, slug, table))]


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = tomllib.loads(path.expanduser().read_text())
    except OSError as error:
        raise FileMistake(f"{path} cannot be read: {error.strerror}.") from None
    except RuntimeError:
        raise FileMistake(f"{path} cannot be read: there is no such user.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileMistake(f"{path} is not TOML: {error}.") from None
    if "\\u0000" in json.dumps(content, default=str):
        raise FileMistake(f"{path} holds a NUL character, which no catalog can keep.")
    if unknown := [name for name in content if name != "catalogs"]:
        raise FileMistake(f"{path}, {unknown[0]}: every catalog is a table of its own, such as [catalogs.team].")
    tables = content.get("catalogs", {})
    for slug, table in tables.items() if isinstance(tables, dict) else [("", tables)]:
        if not isinstance(table, dict):
            raise FileMistake(f"{path}, catalogs.{slug}: write a catalog as a table, such as [catalogs.team].")
    return dict(tables)


def _apply(path: Path, slug: str, table: Mapping[str, Any]) -> str:
    where = f"{path}, [catalogs.{slug}]"
    _check(where, table)
    fields = {name: value for name, value in table.items() if name not in ("auth", "key_env", "key_file")}
    catalog = Catalog.objects.filter(slug=slug).select_related("credential").first()
    if catalog is not None and fields.pop("kind", catalog.kind) != catalog.kind:
        raise FileMistake(f"{where} kind: this catalog is of the kind “{catalog.kind}” already, and keeps it.")
    if catalog is None and "kind" not in fields:
        raise FileMistake(f"{where} kind: a new catalog needs one.")
    try:
        secret = _secret(path, table)
    except NoSecret as error:
        raise FileMistake(f"{where} {'key_env' if 'key_env' in table else 'key_file'}: {error}") from None
    key = {"scheme": table.get("auth", ""), "secret": secret}
    if table.get("auth") == "none":
        key, fields["credential"] = {}, None
    try:
        if catalog is None:
            catalog_add(slug=slug, **{"name": slug, **fields}, **key)
            return f"{slug}: added"
        changed = catalog_set(catalog, **fields, **key)
    except ValidationError as error:
        raise FileMistake(f"{where} {_sentence(error, table)}") from None
    return f"{slug}: changed {', '.join(changed)}" if changed else ""


def _check(where: str, table: Mapping[str, Any]) -> None:
    for name, value in table.items():
        if name in SECRETS:
            raise FileMistake(f"{where} {name}: keys are not written into this file; use key_env or key_file.")
        if name not in TYPES:
            raise FileMistake(f"{where} {name}: there is no such key. There is: {', '.join(TYPES)}.")
        if type(value) is not TYPES[name]:
            raise FileMistake(f"{where} {name}: it has to be {WORDS[TYPES[name]]}.")
    if not all(isinstance(group, str) for group in table.get("groups", [])):
        raise FileMistake(f"{where} groups: it has to be a list of groups' names.")
    known = [*Scheme, "none"]
    if table.get("auth", "none") not in known:
        raise FileMistake(f"{where} auth: it is one of {', '.join(known)}.")
    if table.get("auth", "none") != "none" and not ("key_env" in table or "key_file" in table):
        raise FileMistake(f"{where} auth: it says how a key is sent, but neither key_env nor key_file says which.")


def _secret(path: Path, table: Mapping[str, Any]) -> str:
    if table.get("auth") == "none":
        return ""
    named = table.get("key_file")
    file = None if named is None else Path(named) if named.startswith("~") else path.expanduser().parent / named
    return secret_from(variable=table.get("key_env"), file=file)


def _sentence(error: ValidationError, table: Mapping[str, Any]) -> str:
    """The first mistake, under the name that its key has in the file."""
    field, messages = next(iter(error.message_dict.items()))
    name = {"credential": "auth" if "auth" in table else "key_env", "slug": "(the name of the table)"}.get(field, field)
    return f"{name}: {' '.join(messages)}"
