"""Read an answer: its outer shape at once, then row by row, so that a bad row costs only itself.

Numbers stay as sent: prices are Decimals made from the text of the answer, and the verbatim copy keeps every digit.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, TypeVar

import msgspec

from catalog.pricing.units import PriceError
from catalog.sources.base import OfferRecord, Skip
from catalog.sources.errors import RowError, SourceUnreadable
from catalog.sources.secrets import verbatim

__all__ = ["UNREADABLE", "Rows", "as_sent", "read_answer", "read_members", "read_rows", "verbatim"]

T = TypeVar("T")
NAMES = ("id", "key", "name", "model_name", "title", "provider")
"""Members that tell a person which row is meant, the best first."""
UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError, InvalidOperation)
"""What msgspec raises for JSON that it cannot read; a number with an exponent beyond Decimal's is the last."""


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
    except RecursionError:
        raise SourceUnreadable("The answer is nested too deeply.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceUnreadable(f"The answer is not JSON: {_plain(error)}.") from None


def read_rows(
    rows: Iterable[msgspec.Raw], shape: type[T], make: Callable[[T, str], OfferRecord], *, named_by: str = "id"
) -> Rows:
    """Read each row as ``shape`` and let ``make`` turn it, with its verbatim JSON, into an offer.

    A row is skipped with its reason when it does not have the shape, when ``make`` raises RowError or PriceError, when
    it has no ref, and when its ref was there before. ``named_by`` is the member that holds the ref: a known offer whose
    row cannot be read this time is known by it, and has not left.
    """
    return _read((("", row) for row in rows), shape, lambda _, value, raw: make(value, raw), named_by)


def read_members(
    members: Mapping[str, msgspec.Raw], shape: type[T], make: Callable[[str, T, str], OfferRecord]
) -> Rows:
    """Read rows that are the members of an object, as `read_rows` does; ``make`` is told the name of each too."""
    return _read(members.items(), shape, make)


def _read(
    rows: Iterable[tuple[str, msgspec.Raw]],
    shape: type[T],
    make: Callable[[str, T, str], OfferRecord],
    named_by: str = "id",
) -> Rows:
    decoder = msgspec.json.Decoder(shape, float_hook=Decimal)
    offers: dict[str, OfferRecord] = {}
    skipped = []
    for number, (name, row) in enumerate(rows, 1):
        try:
            record = make(name, decoder.decode(row), verbatim(bytes(row)))
            if not record.ref.strip():
                raise RowError("It has no id.")
            if record.ref in offers:
                raise RowError("Its id stands in the answer twice; the first row is kept.")
            offers[record.ref] = record
        except (*UNREADABLE, RowError, PriceError) as error:
            skipped.append(Skip(name.replace("\0", "")[:300] or _label(row, number, named_by), _reason(error)))
    return Rows(tuple(offers.values()), tuple(skipped))


def as_sent(raw: str) -> dict[str, str]:
    """The members of an object, each as the text that was sent: strings bare, numbers digit for digit.

    Those that are null or "" are left out.
    """
    members = msgspec.json.decode(raw.encode(), type=dict[str, msgspec.Raw])
    texts = ((name, _text(value)) for name, value in members.items())
    return {name: text for name, text in texts if text not in ("", "null")}


def _text(value: msgspec.Raw) -> str:
    sent = bytes(value).strip()
    if sent[:1] != b'"':
        return sent.decode()
    return msgspec.json.decode(sent, type=str) if b"\\" in sent else sent[1:-1].decode()


def _label(row: msgspec.Raw, number: int, named_by: str) -> str:
    """What a person may find the row by: only text and numbers, for anything else may hold a secret."""
    with suppress(*UNREADABLE):
        sent = as_sent(verbatim(bytes(row)))
        names = (name for name in (named_by, *NAMES) if name in sent and sent[name][0] not in "{[")
        texts = (sent[name].replace("\0", "").strip() for name in names)
        return next((text[:300] for text in texts if text), f"row {number}")
    return f"row {number}"


def _reason(error: Exception) -> str:
    if isinstance(error, RowError | PriceError):
        return str(error)
    if isinstance(error, msgspec.ValidationError):
        return f"{_plain(error)}."
    if isinstance(error, RecursionError):
        return "It is nested too deeply."
    if isinstance(error, InvalidOperation):
        return "It holds a number beyond all measure."
    return "It is not JSON in UTF-8."


def _plain(error: Exception) -> str:
    """msgspec's message without its code quotes: ``Expected str, got int at $.id``."""
    return str(error).replace("`", "").replace(" - at ", " at ").rstrip(".")
