"""What a kind of catalog is, and what it asks of whoever sets one up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catalog.sources.base import OptionValue


class Scheme(StrEnum):
    """How a key is sent."""

    BEARER = "bearer"
    X_API_KEY = "x-api-key"
    API_KEY = "api-key"

    def headers(self, secret: str) -> dict[str, str]:
        """The request header that carries ``secret``."""
        if self is Scheme.BEARER:
            return {"Authorization": f"Bearer {secret}"}
        return {{"x-api-key": "X-API-Key", "api-key": "api-key"}[self.value]: secret}


class Type(StrEnum):
    """What an option's value is."""

    FLAG = "flag"
    NUMBER = "number"
    TEXT = "text"
    LIST = "list"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Option:
    """Something a catalog of one kind may be told. ``choices`` closes the list of values of a text.

    ``spares_organization`` tells that with this option set the catalog needs no organization.
    """

    name: str
    label: str
    type: Type = Type.TEXT
    help: str = ""
    choices: tuple[str, ...] = ()
    spares_organization: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of catalog.

    ``base_url`` is the usual address, "" where a person has to name one and the kind is read over the network.
    ``schemes`` are the ways to send a key, the usual one first; none means that a key is of no use. ``refresh_minutes``
    is the usual interval between two syncs, ``least_minutes`` the shortest that the vendor wants. ``own_order``: the
    vendor wants its models shown in the order that it gives them. ``seller`` is the provider whose prices it lists
    where that is one and the same for all offers, whatever maker they name.
    """

    slug: str
    label: str
    source: str
    about: str = ""
    base_url: str = ""
    over_network: bool = True
    organization: bool = False
    schemes: tuple[Scheme, ...] = ()
    key_needed: bool = False
    options: tuple[Option, ...] = ()
    refresh_minutes: int = 60
    least_minutes: int = 1
    own_order: bool = False
    seller: str = ""

    @property
    def is_public(self) -> bool:
        """Whether it can be read as it is: its address is known, and it needs neither a key nor an organization."""
        return bool(self.base_url or not self.over_network) and not (self.key_needed or self.organization)


class OptionError(ValueError):
    """Options that a kind does not take; the message names each and says what it wants."""


def clean_options(kind: Kind, given: Mapping[str, OptionValue]) -> dict[str, OptionValue]:
    """The options that ``kind`` takes, each of its type: text is read as commands and files write it.

    Empty values and flags that are off are left out. Raises OptionError, with a sentence for each value that is not
    understood.
    """
    known = {option.name: option for option in kind.options}
    problems = [f"{kind.label} has no option “{name}”." for name in given if name not in known]
    cleaned: dict[str, OptionValue] = {}
    for name, value in given.items():
        if name in known and value not in ("", None, []):
            try:
                cleaned[name] = _clean(known[name], value)
            except ValueError as error:
                problems.append(f"Option “{name}”: {error}")
    if problems:
        raise OptionError(" ".join(problems))
    return {name: value for name, value in cleaned.items() if value not in (False, [], "")}


def _clean(option: Option, value: OptionValue) -> OptionValue:
    if option.type is Type.LIST:
        items = value.replace("\n", ",").split(",") if isinstance(value, str) else value
        if not isinstance(items, list):
            raise ValueError(f"“{value}” is not a list of values separated by commas.")
        return [item.strip() for item in map(str, items) if item.strip()]
    text = str(value).lower() if isinstance(value, bool) else str(value).strip()
    if option.type is Type.FLAG:
        if text.lower() not in ("true", "false", "1", "0", "yes", "no"):
            raise ValueError(f"“{text}” is neither true nor false.")
        return text.lower() in ("true", "1", "yes")
    if option.type is Type.NUMBER:
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**6):
            raise ValueError(f"“{text}” is not a whole number above 0.")
        return int(text)
    if option.type is Type.MOMENT:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"“{text}” is not a moment such as 2025-06-01T00:00:00Z.") from None
    if option.choices and text not in option.choices:
        raise ValueError(f"“{text}” is none of {', '.join(option.choices)}.")
    return text
