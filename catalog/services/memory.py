"""What a process keeps of what it has worked out, the latest used of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Generic, TypeVar

from catalog.filters import OfferFilter
from catalog.services.catalogs import Catalogs, fingerprint

Made = TypeVar("Made")


class Memory(Generic[Made]):
    """The last ``most`` things asked for, by a key that changes when they do."""

    def __init__(self, most: int) -> None:
        """An empty one."""
        self.most = most
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """How many it holds."""
        return len(self._made)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made under this key, or ``make`` it now. Two threads may both make it: neither waits."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self.most:
                self._made.popitem(last=False)
        return made


def rates_key(offers: OfferFilter, catalogs: Catalogs, filters: Iterable[str]) -> tuple[Hashable, ...]:
    """All that the rates of ``offers`` follow from, by these of its filters: what syncs and people wrote, and terms."""
    read = tuple(catalog.read_at for catalog in catalogs)
    values = repr([offers.values[name] for name in filters])
    terms = tuple(term.id for term in offers.terms)  # those of today: others hold tomorrow
    return fingerprint(catalogs), read, values, terms
