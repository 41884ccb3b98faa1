"""Imports go one way (CONTRIBUTING.md says which and why), and files stay short enough to read at one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 250

# What each part may import of ours, besides itself. The first name that fits a file is its part.
VALUES = "catalog.sources.base"  # plain value types: records, Lifecycle
KIND, KINDS = "catalog.sources.kind", "catalog.sources.kinds"  # what kinds of catalog there are and what each asks
MAY_IMPORT = {
    "catalog.management": {"catalog.models", "catalog.pricing", "catalog.services", "catalog.sync", KIND, KINDS},
    "catalog.migrations": {"catalog"},
    "catalog.pricing": set(),
    "catalog.matching": set(),
    "catalog.sources": {"catalog.pricing"},
    "catalog.fields": {"catalog.pricing"},
    "catalog.models": {"catalog.pricing", "catalog.matching", VALUES, KIND, KINDS},
    "catalog.sync": {"catalog.sources", "catalog.models", "catalog.matching", "catalog.pricing"},
    "catalog.tasks": {"catalog.sync"},
    "catalog.filter_types": {"catalog.models", "catalog.fields"},
    "catalog.filters": {"catalog.models", "catalog.pricing", "catalog.filter_types"},
    "catalog.change_filters": {"catalog.models", "catalog.filter_types"},
    "catalog.services": {"catalog.models", "catalog.pricing", "catalog.matching", "catalog.sync", "catalog.filters"}
    | {"catalog.change_filters", KIND, KINDS},
    "catalog.admin": {"catalog"},
    "catalog.apps": set(),
    "dashboard.management": {"dashboard", "catalog.models", "catalog.services", "catalog.sync"},
    "dashboard": {"catalog.services", "catalog.filters", "catalog.change_filters", "catalog.fields"}
    | {"catalog.pricing", VALUES},
}

# Packages of others that only some of our modules may import.
DOORS = {
    "django": {"catalog.models", "catalog.sync", "catalog.services", "catalog.filters", "catalog.fields"}
    | {
        "catalog.filter_types",
        "catalog.change_filters",
        "catalog.admin",
        "catalog.apps",
        "catalog.tasks",
        "catalog.management",
        "catalog.migrations",
        "dashboard",
    },
    "urllib3": {"catalog.sources.http"},
    "urllib.request": {"catalog.sources.http"},
    "cryptography": {"catalog.models.credential"},
}


def within(module: str, parents: set[str]) -> bool:
    """Tell whether a module is one of ``parents`` or lies in one."""
    return any(module == parent or module.startswith(parent + ".") for parent in parents)


def imported(path: Path, source: str) -> Iterator[tuple[int, str]]:
    """Each import of a file, wherever it stands: its line and the full name of what is imported."""
    package = [*path.with_suffix("").parts]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = (
                [*package[: len(package) - node.level], *([node.module] if node.module else [])]
                if node.level
                else [node.module or ""]
            )
            yield from ((node.lineno, ".".join([*start, name.name])) for name in node.names)


def offences(path: Path, source: str) -> list[str]:
    """What a file (its path relative to the root) imports although it may not: "file:line: imports name"."""
    module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    part = next((name for name in MAY_IMPORT if within(module, {name})), None)
    if part is None:
        return [f"{path}:1: {module} is not in the table MAY_IMPORT of {Path(__file__).name}"] if source.strip() else []
    found = []
    for line, name in imported(path, source):
        ours = within(name, {"catalog", "dashboard"})
        shut = any(within(name, {package}) and not within(module, doors) for package, doors in DOORS.items())
        if shut or (ours and not within(name, MAY_IMPORT[part] | {part})):
            found.append(f"{path}:{line}: imports {name}")
    return found


def files() -> list[Path]:
    """Our Python files, relative to the root."""
    return sorted(path.relative_to(ROOT) for half in ("catalog", "dashboard") for path in (ROOT / half).rglob("*.py"))


def test_imports_go_one_way() -> None:
    assert files()
    assert [line for path in files() for line in offences(path, (ROOT / path).read_text())] == []


def test_files_can_be_read_at_one_sitting() -> None:
    lengths = {
        str(path): len((ROOT / path).read_text().splitlines()) for path in files() if "migrations" not in path.parts
    }
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("catalog/pricing/units.py", "from catalog.models import Rate"),
        ("catalog/pricing/units.py", "from django.db import models"),
        ("catalog/pricing/units.py", "def f():\n    import catalog.sources.base"),
        ("catalog/pricing/units.py", "from ..models import Rate"),
        ("catalog/pricing/__init__.py", "from .. import models"),
        ("catalog/matching/names.py", "from catalog.pricing import units"),
        ("catalog/sources/reference.py", "from catalog.models import Offer"),
        ("catalog/sources/reference.py", "import django"),
        ("catalog/sources/reference.py", "import urllib3"),
        ("catalog/models/offer.py", "from catalog.sources import http"),
        ("catalog/sync/run.py", "from catalog.services import offers"),
        ("catalog/services/offers.py", "from catalog.sources.base import Lifecycle"),
        ("catalog/services/offers.py", "from cryptography.fernet import Fernet"),
        ("catalog/filters.py", "import catalog.services.offers"),
        ("catalog/admin/offers.py", "from dashboard import keys"),
        ("catalog/management/commands/catalog_sync.py", "from catalog.sources.reference import Reference"),
        ("catalog/newcomer.py", "import os"),
        ("dashboard/views/offers.py", "from catalog.models import Offer"),
        ("dashboard/views/offers.py", "from catalog import models"),
        ("dashboard/views/offers.py", "from urllib.request import urlopen"),
        ("dashboard/management/commands/serve.py", "from catalog.sources import reference"),
    ],
)
def test_a_wrong_import_is_found(path: str, source: str) -> None:
    line = len(source.splitlines())
    assert [offence.split(": ")[0] for offence in offences(Path(path), source)] == [
        f"{path}:{1 if 'newcomer' in path else line}"
    ]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("catalog/pricing/cost.py", "from catalog.pricing.units import Unit\nfrom . import rates\nimport decimal"),
        ("catalog/sources/http/wire.py", "import urllib3.connection"),
        ("catalog/models/offer.py", "from catalog.sources.base import Lifecycle"),
        ("catalog/models/credential.py", "from cryptography.fernet import MultiFernet"),
        ("dashboard/views/offers.py", "from catalog.services.offers import page\nfrom dashboard import parts"),
        ("dashboard/management/commands/serve.py", "from catalog.models import Catalog\nfrom dashboard import keys"),
    ],
)
def test_a_right_import_is_let_through(path: str, source: str) -> None:
    assert offences(Path(path), source) == []
