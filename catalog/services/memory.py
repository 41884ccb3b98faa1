"""What a process keeps of what it has worked out, the latest used of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

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

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._made.clear()

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
