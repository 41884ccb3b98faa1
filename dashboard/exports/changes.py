"""The Changes table as a file: a line for each field that changed, since a field holds what no other does."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from catalog.pricing.cost import Reason
from catalog.pricing.rates import meant
from catalog.pricing.units import Unit, usd
from catalog.services.catalogs import Catalogs
from catalog.services.changes import ChangeLine, every_change_line
from catalog.services.effects import Effect, effects
from catalog.services.whole import chunks
from dashboard.exports.figures import dollars, share
from dashboard.exports.table import Columns, ExportColumn, Kind, Table, Value, columns_of, rows_of
from dashboard.exports.words import workload_text
from dashboard.forms.changes import Asked
from dashboard.tables.cells import PRICE_STATE_WORDS, UNMEANT
from dashboard.tables.change_filters import chips, words_for
from dashboard.tables.change_words import KIND_LABELS, LIMIT_WORDS

PER_MILLION, PER_REQUEST, TOKENS, DOLLARS = "USD per 1M tokens", "USD per request", "tokens", "USD"
GONE_OR_NEW = ("new", "retired")


class Field(NamedTuple):
    """One field of a change. ``unit`` counts both values; ``percent`` is None where there is none to tell."""

    name: str
    before: Value
    after: Value
    unit: str = ""
    percent: Decimal | None = None
    remark: str = ""


class FieldLine(NamedTuple):
    """A field with the change that it is of. ``effect`` stands in the first field of its change alone."""

    line: ChangeLine
    field: Field
    effect: Effect | None


def changes_table(asked: Asked, catalogs: Catalogs, absolute: Callable[[str], str], now: datetime) -> Table:
    """The changes that ``asked`` leaves, the latest day first; ``absolute`` makes a path of ours an address."""
    workload = asked.workload.workload
    words = words_for(asked.groups, {one.slug: (one.mark, one.name) for one in catalogs})
    columns = _columns({one.pk: one.name for one in catalogs}, with_effect=workload is not None)
    until = asked.changes.values["until"] or now.date()
    return Table(
        name="changes",
        title="Changes",
        columns=columns_of(columns),
        rows=rows_of(_fields(asked), columns),
        moment=now,
        unit="the catalogs’ own list prices in the unit of each row, before tax",
        link=absolute(asked.address.to(page=None, until=until.isoformat())),
        filters=tuple((one.label, one.text) for one in chips(asked.changes.values, words, asked.address)),
        facts=(
            ("Sorted by", "Day, falling, then Model"),
            *([("Workload", workload_text(asked.workload.name, workload))] if workload else []),
        ),
    )


def _columns(catalogs: Mapping[int, str], *, with_effect: bool) -> Columns[FieldLine]:
    return [
        (ExportColumn("day", "Day", Kind.DAY), lambda own: own.line.day),
        (ExportColumn("model", "Model"), lambda own: own.line.name),
        (ExportColumn("ref", "Id"), lambda own: own.line.ref),
        (ExportColumn("catalog", "Catalog"), lambda own: catalogs[own.line.catalog_id]),
        (ExportColumn("provider", "Provider"), lambda own: own.line.provider_name),
        (ExportColumn("kind", "Kind"), lambda own: ", ".join(KIND_LABELS[kind] for kind in own.line.kind_names)),
        (ExportColumn("field", "Field"), lambda own: own.field.name),
        (ExportColumn("before", "Before", Kind.MIXED), lambda own: own.field.before),
        (ExportColumn("after", "After", Kind.MIXED), lambda own: own.field.after),
        (ExportColumn("unit", "Unit"), lambda own: own.field.unit),
        (ExportColumn("change", "Change", Kind.NUMBER, "%"), lambda own: own.field.percent),
        *([_EFFECT] if with_effect else []),
        (ExportColumn("since", "Since", Kind.DATE, "UTC"), lambda own: own.line.at),
        (ExportColumn("remarks", "Remarks"), _remarks),
    ]


def _effect(own: FieldLine) -> Decimal | None:
    return dollars(own.effect.difference) if own.effect else None


_EFFECT = (ExportColumn("effect", "Effect of the whole change per month", Kind.NUMBER, "USD"), _effect)
"""In one row of each change, or a sum over the rows would count it twice."""


def _fields(asked: Asked) -> Iterator[FieldLine]:
    workload = asked.workload.workload
    for lines in chunks(every_change_line(asked.changes)):
        moved = effects(lines, workload) if workload else {}
        for line in lines:
            for place, field in enumerate(_of(line)):
                yield FieldLine(line, field, None if place else moved.get(line.pk))


def _of(line: ChangeLine) -> list[Field]:
    """What changed; one field without values where the kind of change is all there is to tell."""
    if line.offer_id is None:
        return [Field("Offers found when this catalog was first read", None, line.offers, "offers")]
    gone_or_new = set(GONE_OR_NEW).intersection(line.kind_names)
    found = [
        _base_price(line, name)
        for name in ("input", "output")
        if gone_or_new or getattr(line, f"{name}_before") != getattr(line, name)
    ]
    return [*found, *(_difference(line, *one) for one in line.differences)] or [Field("", None, None)]


def _base_price(line: ChangeLine, name: str) -> Field:
    before = None if "new" in line.kind_names else getattr(line, f"{name}_before")
    after = None if "retired" in line.kind_names else getattr(line, name)
    return _price(line, name.capitalize(), before, after)


def _price(line: ChangeLine, label: str, before: int | None, after: int | None) -> Field:
    old, new = (None if price is None else usd(price, Unit.MILLION) for price in (before, after))
    was, now = meant(before, line.price_state_before), meant(after, line.price_state)
    moved = _percent(was, now)
    return Field(label, old, new, PER_MILLION, moved, "" if (was, now) == (before, after) else UNMEANT)


def _difference(line: ChangeLine, what: str, before: Value, after: Value, is_price: bool) -> Field:
    """One of ``ChangeLine.differences``, which hold what `sync/steps.py` put there."""
    if what in LIMIT_WORDS:
        return Field(LIMIT_WORDS[what], before, after, TOKENS, _percent(before, after))
    if what == "price_state":
        return Field("Price", PRICE_STATE_WORDS[str(before)], PRICE_STATE_WORDS[str(after)])
    label = what[:1].upper() + what[1:]
    if what == "lifecycle":
        return Field(label, before, after)
    if isinstance(before, str) or isinstance(after, str):  # another price: dollars per a unit of its own
        was, now = _number(before), _number(after)
        return Field(label, was, now, DOLLARS, _percent(was, now))
    if not is_price:
        return Field(label, None, None)
    old, new = (price if isinstance(price, int) else None for price in (before, after))
    if "request" in what:
        return Field(label, dollars(old), dollars(new), PER_REQUEST, _percent(old, new))
    return _price(line, label, old, new)


def _number(text: Value) -> Value:
    try:
        return None if text is None else Decimal(str(text))
    except InvalidOperation:
        return text


def _percent(before: Value, after: Value) -> Decimal | None:
    """How far it moved; None where that cannot be said, as from unknown or from 0."""
    if not isinstance(before, int | Decimal) or not isinstance(after, int | Decimal):
        return None
    return share(Decimal(after) - before, before)


def _remarks(own: FieldLine) -> str:
    sides = {"Before": own.effect.before, "After": own.effect.after} if own.effect else {}
    reasons = [f"{word}: {cost.sentence}" for word, cost in sides.items() if isinstance(cost, Reason)]
    return " ".join([*([f"{own.field.remark}."] if own.field.remark else []), *reasons])
