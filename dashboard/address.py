"""The address is the state: a page's query string, read once, from which all its links are made."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import lru_cache
from typing import NamedTuple, Self
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class Elsewhere(NamedTuple):
    """Where pages are shown instead of at their own addresses, as what is shared is.

    ``paths`` lead from their own paths to the others. Those show ``parameters`` unless an address says otherwise, which
    it can of those in ``free`` alone.
    """

    paths: Mapping[str, str]
    parameters: Mapping[str, Iterable[str]]
    free: Collection[str]

    def written(self, path: str, written: Mapping[str, str]) -> str:
        """The address there of what is at ``path`` with these parameters, as `_written` writes them."""
        differing = []
        for name in self.free:
            own = written.get(name, "")
            if own != _written(name, tuple(self.parameters.get(name, ()))):
                differing.append(own or f"{name}=")
        query = "&".join(differing)
        return f"{self.paths[path]}?{query}" if query else self.paths[path]


_elsewhere: ContextVar[Elsewhere | None] = ContextVar("elsewhere", default=None)


@contextmanager
def shown(elsewhere: Elsewhere) -> Iterator[None]:
    """Meanwhile addresses lead to where their pages are shown."""
    token = _elsewhere.set(elsewhere)
    try:
        yield
    finally:
        _elsewhere.reset(token)


class Address:
    """A path and its parameters, without those that are left at their default.

    ``plain`` is the address without any: the path, unless that leads elsewhere.
    """

    def __init__(self, path: str, parameters: Mapping[str, Iterable[str]]) -> None:
        self.path = self.plain = path
        self.parameters = {name: list(values) for name, values in parameters.items()}
        self.parameters = {name: values for name, values in self.parameters.items() if values}
        # A page makes some forty addresses that differ in a parameter or two: each is written once.
        self._written = {name: _written(name, tuple(values)) for name, values in self.parameters.items()}

    def __str__(self) -> str:
        return self.to()

    def with_plain(self, query: str) -> Self:
        """The same page, which without parameters has this query."""
        made = copy(self)
        made.plain = self.path + query
        return made

    def to(self, **changes: str | Iterable[str] | None) -> str:
        """The address with these parameters set, or taken out for None and "".

        Any change but of the page leads back to page 1.
        """
        written = dict(self._written)
        if changes.keys() - {"page"}:
            written.pop("page", None)
        for name, value in changes.items():
            written[name] = _written(name, (value,) if isinstance(value, str) else tuple(value or ()))
        place = _elsewhere.get()
        if place and self.path in place.paths:
            return place.written(self.path, written)
        query = "&".join(filter(None, written.values()))
        return f"{self.path}?{query}" if query else self.plain

    def without(self, name: str, value: str) -> str:
        """The address without one value of one parameter."""
        return self.to(**{name: [other for other in self.parameters.get(name, []) if other != value]})


@lru_cache(maxsize=1_000)
def _written(name: str, values: tuple[str, ...]) -> str:
    # Most are the same on all pages, such as the sort behind each heading.
    return urlencode([(name, value) for value in values if value], safe=",:/")


def back(address: str, request: HttpRequest, otherwise: str = "/") -> str:
    """``address``, which came with the request, if it is a page of ours; else the page to go to ``otherwise``."""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else otherwise
