"""An upstream answer saved as a file, brought in as a sync brings in what it fetched."""

from pathlib import Path

from catalog.models import Catalog, Sync
from catalog.sources.kinds import KINDS
from catalog.sources.saved import FileDoor
from catalog.sync.run import sync_catalog


class NotImportable(ValueError):
    """A file cannot be brought into a catalog; the message says why."""


def sync_answer(catalog: Catalog, path: Path, *, approve: bool = False) -> Sync:
    """Sync ``catalog`` with the answer in the file at ``path``: the guard looks, and only differences are stored.

    Raises NotImportable, and Leased if a sync of the catalog is under way.
    """
    kind = KINDS.get(catalog.kind)
    if kind is None or not kind.over_network:
        raise NotImportable(f"{catalog.name} is not read over the network, so there is no answer of it to import.")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise NotImportable(f"{path} cannot be read: {error.strerror}.") from None
    return sync_catalog(catalog, approve=approve, door=FileDoor(path.name, body))
