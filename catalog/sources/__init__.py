"""The kinds of catalog that Ratecard reads. A new source is one file here and one line in KINDS."""

from importlib import import_module

from catalog.sources.base import Source

KINDS = {"reference": ("Reference prices", "catalog.sources.reference.ReferenceSource")}


def source_for(kind: str) -> Source:
    """A source of this kind, imported only now: some carry megabytes of data. Raises KeyError for an unknown kind."""
    module, _, name = KINDS[kind][1].rpartition(".")
    source: Source = getattr(import_module(module), name)()
    return source
