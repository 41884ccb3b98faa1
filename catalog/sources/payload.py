"""Read an answer: its outer shape at once, then row by row, so that a bad row costs only itself.

Numbers stay as sent: prices are Decimals made from the text of the answer, and the verbatim copy keeps every digit.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import msgspec

from catalog.pricing.units import PriceError
from catalog.sources.base import OfferRecord, Skip
from catalog.sources.errors import RowError, SourceUnreadable

T = TypeVar("T")
NAMES = ("id", "key", "name", "model_name", "title")
"""Members that tell a person which row is meant, the best first."""
SECRET = re.compile(
    r"(api|access|secret|private|auth|master|virtual|subscription)_?-?key(_id)?$|password|secret|authorization|"
    r"credential|cookie|webhook|headers$|connection_?string|(^|_)token$|api_base|base_url|our_?markup|cost_?to_?us|"
    r"profit_?margin",
    re.IGNORECASE,
)
PRICE = re.compile(r"_cost_per_\w+$")
"""Members that end like a secret (``input_cost_per_token``) and are a price."""
LONGEST = {
    "id": 300,
    "name": 300,
    "key": 300,
    "provider": 100,
    "provider_name": 100,
    "released_on": 40,
    "deprecates_on": 40,
    "knowledge_cutoff": 40,
}
"""The most characters that are kept of each."""
REMOVED = "[removed by Ratecard]"

_any = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


class Rows(NamedTuple):
    """The rows of an answer that can be used, each ref once, and why the others cannot."""

    offers: tuple[OfferRecord, ...]
    skipped: tuple[Skip, ...]


def read_answer(body: bytes, shape: type[T]) -> T:
    """The answer as ``shape``, whose rows are `msgspec.Raw`. Raises SourceUnreadable with what is wrong with it."""
    try:
        body.decode()
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise SourceUnreadable(f"The answer does not have the documented shape: {_plain(error)}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceUnreadable(f"The answer is not JSON: {_plain(error)}.") from None


def read_rows(rows: Iterable[msgspec.Raw], shape: type[T], make: Callable[[T, str], OfferRecord]) -> Rows:
    """Read each row as ``shape`` and let ``make`` turn it, with its verbatim JSON, into an offer.

    A row is skipped with its reason when it does not have the shape, when ``make`` raises RowError or PriceError, when
    it cannot be stored, and when its ref was there before.
    """
    return _read((("", row) for row in rows), shape, lambda _, value, raw: make(value, raw))


def read_members(
    members: Mapping[str, msgspec.Raw], shape: type[T], make: Callable[[str, T, str], OfferRecord]
) -> Rows:
    """Read rows that are the members of an object, as `read_rows` does; ``make`` is told the name of each too."""
    return _read(members.items(), shape, make)


def _read(rows: Iterable[tuple[str, msgspec.Raw]], shape: type[T], make: Callable[[str, T, str], OfferRecord]) -> Rows:
    decoder = msgspec.json.Decoder(shape, float_hook=Decimal)
    offers: dict[str, OfferRecord] = {}
    skipped = []
    for number, (name, row) in enumerate(rows, 1):
        try:
            record = make(name, decoder.decode(row), verbatim(bytes(row)))
            _check(record, bytes(row))
            if record.ref in offers:
                raise RowError("Its id stands in the answer twice; the first row is kept.")
            offers[record.ref] = record
        except msgspec.ValidationError as error:
            skipped.append(Skip(name[:300] or _label(row, number), f"{_plain(error)}."))
        except (RowError, PriceError) as error:
            skipped.append(Skip(name[:300] or _label(row, number), str(error)))
    return Rows(tuple(offers.values()), tuple(skipped))


def _check(record: OfferRecord, row: bytes) -> None:
    """Raise RowError for what a database could not hold: one such row must not cost the whole sync."""
    if not record.ref.strip():
        raise RowError("It has no id.")
    if rb"\u0000" in row or "\0" in record.ref:
        raise RowError("It holds a zero character, which no text may.")
    for name, longest in LONGEST.items():
        length = len(record.ref if name == "id" else getattr(record.state, name))
        if length > longest:
            raise RowError(f"Its {name} has {length} characters; {longest} are kept at most.")


def verbatim(row: bytes) -> str:
    """The object as sent, every number digit for digit; members that hold secrets lose their value."""
    value = _any.decode(row)
    bare = _without_secrets(value)
    return row.decode() if bare == value else _encoder.encode(bare).decode()


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: REMOVED if _is_secret(name) and item not in (None, "") else _without_secrets(item)
            for name, item in value.items()
        }
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


@lru_cache(maxsize=4_096)
def _is_secret(name: str) -> bool:
    return bool(SECRET.search(name)) and not PRICE.search(name)


def _label(row: msgspec.Raw, number: int) -> str:
    value = _any.decode(row)
    names: Iterator[Any] = (value[name] for name in NAMES if value.get(name)) if isinstance(value, dict) else iter(())
    return str(next(names, f"row {number}"))[:300]


def _plain(error: Exception) -> str:
    """msgspec's message without its code quotes: ``Expected str, got int at $.id``."""
    return str(error).replace("`", "").replace(" - at ", " at ").rstrip(".")
