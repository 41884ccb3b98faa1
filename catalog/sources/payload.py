"""Read an answer: its outer shape at once, then row by row, so that a bad row costs only itself.

Numbers stay as sent: prices are Decimals made from the text of the answer, and the verbatim copy keeps every digit.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import msgspec

from catalog.pricing.units import PriceError
from catalog.sources.base import OfferRecord, Skip
from catalog.sources.errors import RowError, SourceUnreadable

T = TypeVar("T")
NAMES = ("id", "key", "name", "model_name", "title", "provider")
"""Members that tell a person which row is meant, the best first."""
SECRET = re.compile(
    r"(api|access|secret|private|auth|master|virtual)_?-?key(_id)?$|password|secret|authorization|credential|"
    r"(^|_)token$|api_base|base_url|our_?markup|cost_?to_?us|profit_?margin",
    re.IGNORECASE,
)
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
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise SourceUnreadable(f"The answer does not have the documented shape: {_plain(error)}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceUnreadable(f"The answer is not JSON: {_plain(error)}.") from None


def read_rows(rows: Iterable[msgspec.Raw], shape: type[T], make: Callable[[T, str], OfferRecord]) -> Rows:
    """Read each row as ``shape`` and let ``make`` turn it, with its verbatim JSON, into an offer.

    A row is skipped with its reason when it does not have the shape, when ``make`` raises RowError or PriceError, and
    when its ref was there before.
    """
    decoder = msgspec.json.Decoder(shape, float_hook=Decimal)
    offers: dict[str, OfferRecord] = {}
    skipped = []
    for number, row in enumerate(rows, 1):
        try:
            record = make(decoder.decode(row), verbatim(bytes(row)))
            if not record.ref.strip():
                raise RowError("It has no id.")
            if record.ref in offers:
                raise RowError("Its id stands in the answer twice; the first row is kept.")
            offers[record.ref] = record
        except msgspec.ValidationError as error:
            skipped.append(Skip(_label(row, number), f"{_plain(error)}."))
        except (RowError, PriceError) as error:
            skipped.append(Skip(_label(row, number), str(error)))
    return Rows(tuple(offers.values()), tuple(skipped))


def verbatim(row: bytes) -> str:
    """The object as sent, every number digit for digit; members that hold secrets lose their value."""
    value = _any.decode(row)
    bare = _without_secrets(value)
    return row.decode() if bare == value else _encoder.encode(bare).decode()


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: REMOVED if SECRET.search(name) and item not in (None, "") else _without_secrets(item)
            for name, item in value.items()
        }
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def _label(row: msgspec.Raw, number: int) -> str:
    value = _any.decode(row)
    names: Iterator[Any] = (value[name] for name in NAMES if value.get(name)) if isinstance(value, dict) else iter(())
    return str(next(names, f"row {number}"))[:300]


def _plain(error: Exception) -> str:
    """msgspec's message without its code quotes: ``Expected str, got int at $.id``."""
    return str(error).replace("`", "").replace(" - at ", " at ").rstrip(".")
