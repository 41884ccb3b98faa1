"""Read an answer: its outer shape at once, then row by row, so that a bad row costs only itself.

Numbers stay as sent: prices are Decimals made from the text of the answer, and the verbatim copy keeps every digit.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, TypeVar

import msgspec

from catalog.pricing.units import PriceError
from catalog.sources.base import OfferRecord, Skip
from catalog.sources.errors import RowError, SourceUnreadable
from catalog.sources.secrets import verbatim
from catalog.sources.shapes import in_words

__all__ = [
    "UNFORESEEN",
    "UNREADABLE",
    "Rows",
    "as_sent",
    "read_answer",
    "read_members",
    "read_rows",
    "text_at",
    "verbatim",
]

log = logging.getLogger(__name__)
T = TypeVar("T")
NAMES = ("id", "key", "name", "model_name", "title", "provider")
"""Members that tell a person which row is meant, the best first."""
UNFORESEEN = "Ratecard did not foresee such a row; its log has the details."
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
        raise SourceUnreadable(f"The answer does not have the documented shape: {in_words(error)}.") from None
    except RecursionError:
        raise SourceUnreadable("The answer is nested too deeply.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceUnreadable(f"The answer is not JSON: {str(error).rstrip('.')}.") from None


def read_rows(
    rows: Iterable[msgspec.Raw],
    shape: type[T],
    make: Callable[[T, str], OfferRecord],
    *,
    named_by: str | Callable[[msgspec.Raw], str] = "id",
) -> Rows:
    """Read each row as ``shape`` and let ``make`` turn it, with its verbatim JSON, into an offer.

    A row is skipped with its reason when it does not have the shape, when ``make`` raises RowError or PriceError, when
    it has no ref, and when its ref was there before. ``named_by`` is the path of the member that holds the ref
    (``model_info.id``), or finds the ref in the row: a known offer whose row cannot be read this time is known by it,
    and has not left.
    """
    return _read((("", row) for row in rows), shape, lambda _, value, raw: make(value, raw), _namer(named_by))


def read_members(
    members: Mapping[str, msgspec.Raw], shape: type[T], make: Callable[[str, T, str], OfferRecord]
) -> Rows:
    """Read rows that are the members of an object, as `read_rows` does; ``make`` is told the name of each too."""
    return _read(members.items(), shape, make, lambda row: "")


def _read(
    rows: Iterable[tuple[str, msgspec.Raw]],
    shape: type[T],
    make: Callable[[str, T, str], OfferRecord],
    ref_in: Callable[[msgspec.Raw], str],
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
        except Exception as error:
            # Whatever a row does to a source that did not foresee it, the other rows are read.
            label = name.replace("\0", "") or ref_in(row) or _label(row, number)
            skipped.append(Skip(label[:300], _reason(error)))
    return Rows(tuple(offers.values()), tuple(skipped))


def _namer(named_by: str | Callable[[msgspec.Raw], str]) -> Callable[[msgspec.Raw], str]:
    return named_by if callable(named_by) else lambda row: text_at(row, named_by)


def text_at(row: msgspec.Raw, path: str) -> str:
    """The text or number at ``path`` (``model_info.id``), whatever else of the row cannot be read; "" if none is there.

    An object or a list there is passed over, for it may hold a secret.
    """
    value = row
    try:
        for name in path.split("."):
            value = msgspec.json.decode(value, type=dict[str, msgspec.Raw])[name]
        text = _text(value)
    except (*UNREADABLE, KeyError):
        return ""
    return "" if text == "null" or text[:1] in ("{", "[") else text.replace("\0", "").strip()


def as_sent(raw: str) -> dict[str, str]:
    """The members of an object, each as the text that was sent: strings bare, numbers digit for digit.

    Those that are null or "" are left out.
    """
    members = msgspec.json.decode(raw.encode(), type=dict[str, msgspec.Raw])
    return {name: text for name, value in members.items() if (text := _text(value)) not in ("", "null")}


def _text(value: msgspec.Raw) -> str:
    sent = str(value, "utf-8")
    if sent[0] != '"':
        return sent
    return msgspec.json.decode(value, type=str) if "\\" in sent else sent[1:-1]


def _label(row: msgspec.Raw, number: int) -> str:
    """What a person may find the row by."""
    return next(filter(None, (text_at(row, name) for name in NAMES)), f"row {number}")


def _reason(error: Exception) -> str:
    if isinstance(error, RowError | PriceError):
        return str(error)
    if isinstance(error, msgspec.ValidationError):
        clause = in_words(error)
        return f"{clause[:1].upper()}{clause[1:]}."
    if isinstance(error, RecursionError):
        return "It is nested too deeply."
    if isinstance(error, InvalidOperation):
        return "It holds a number beyond all measure."
    if isinstance(error, UNREADABLE):
        return "It is not JSON in UTF-8."
    log.error("A row that its source did not foresee", exc_info=error)
    return UNFORESEEN
