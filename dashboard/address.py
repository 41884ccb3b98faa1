"""The address is the state: a page's query string, read once, from which all its links are made."""

from collections.abc import Iterable, Mapping
from copy import copy
from functools import lru_cache
from typing import Self
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


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
