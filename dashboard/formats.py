"""Numbers and times as pages write them. Prices are in `catalog.pricing.units`."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from catalog.pricing.units import PICO_PER_USD

MONEY = Context(prec=60, rounding=ROUND_HALF_UP)
TWO_DIGITS = Context(prec=2, rounding=ROUND_HALF_UP)
REMEMBERED = 20_000
"""Texts that a process keeps of each kind: a page writes hundreds, and the next one mostly the same."""


@lru_cache(maxsize=REMEMBERED)
def money_text(pico: int | None, places: int) -> str:
    """An amount of pico-dollars in US dollars without a sign: ``1,234.50``, ``0.0042``; ``free`` is 0, ``—`` unknown.

    ``places`` are the decimals: 2 for a month in a table, 0 in a chart, 4 for a request. What is less than two digits
    of those shows two digits all the same, so that nothing that costs reads as nothing.
    """
    if pico is None:
        return "—"
    if pico == 0:
        return "free"
    amount = MONEY.divide(Decimal(pico), Decimal(PICO_PER_USD))
    rounded = TWO_DIGITS.plus(amount)
    places = max(places, 1 - rounded.adjusted()) if rounded < 1 else places
    return f"{MONEY.quantize(amount, Decimal(1).scaleb(-places)):,f}"


@lru_cache(maxsize=REMEMBERED)
def size_text(tokens: int | None) -> str:
    """A number of tokens in three digits: ``400``, ``16.4K``, ``128K``, ``1.05M``, ``4.8B``; ``—`` when unknown."""
    if tokens is None:
        return "—"
    if tokens < 1_000:
        return str(tokens)
    amount, suffix, larger = Decimal(tokens) / 1_000, "K", iter("MBT")
    while _three_digits(amount) >= 1_000 and (following := next(larger, "")):
        amount, suffix = amount / 1_000, following
    return f"{_three_digits(amount).normalize():,f}{suffix}"


def _three_digits(amount: Decimal) -> Decimal:
    places = max(0, 2 - amount.adjusted())
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def floor_text(above: int) -> str:
    """A tier's floor (exclusive) in words of prompt size: ``>272K``, and ``≥200K`` for 199,999."""
    return f"≥{size_text(above + 1)}" if above % 1_000 == 999 else f">{size_text(above)}"


def is_whole_day(moment: datetime) -> bool:
    """Whether it stands for a day: `catalog.fields.MomentField` reads one up to its end."""
    return moment.timetz() == time.max.replace(tzinfo=UTC)


def picker_text(moment: datetime | None) -> str:
    """The day or the moment as the inputs of browsers have it: to the millisecond, and never before the moment."""
    if moment is None:
        return ""
    if is_whole_day(moment):
        return moment.date().isoformat()
    rounded = moment + timedelta(microseconds=-moment.microsecond % 1_000)
    return rounded.replace(tzinfo=None).isoformat(timespec="milliseconds").removesuffix(".000")


def age_text(then: datetime, now: datetime) -> str:
    """How long ago: ``just now``, ``9 min ago``, ``5 h ago``, and from a day on the date: ``9 Nov``, ``9 Nov 2025``."""
    passed = now - then
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{passed.seconds // 60} min ago"
    if passed < timedelta(days=1):
        return f"{passed.seconds // 3600} h ago"
    return f"on {day_text(then, now.date())}"


def span_text(span: timedelta) -> str:
    """How long something lasts, in one unit: ``45 s``, ``20 min``, ``26 h``, ``3 days``; hours up to two days."""
    seconds = int(span.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 48 * 3600 else f"{seconds // 86400} days"


def every_text(minutes: int) -> str:
    """An interval: ``15 min``, ``6 h``, ``90 min``, ``7 days``; of whole hours or days only if it is that exactly."""
    for size, word in ((24 * 60, "day"), (60, "h")):
        if minutes % size == 0:
            count = minutes // size
            return f"{count} {word}{'s' if word == 'day' and count > 1 else ''}"
    return f"{minutes} min"


def until_text(then: datetime, now: datetime) -> str:
    """When something is to be: ``now``, ``in 12 min``, ``in 5 h``."""
    return f"in {span_text(then - now)}" if then > now else "now"


def stamp_text(then: datetime) -> str:
    """A day and a time, short: ``22 Nov 09:03``."""
    return f"{then.day} {then:%b %H:%M}"


def day_text(then: datetime, today: date) -> str:
    """A moment as a table writes it: the time today, else the day, with the year if it is another one."""
    if then.date() == today:
        return f"{then:%H:%M}"
    return f"{then.day} {then:%b}" if then.year == today.year else f"{then.day} {then:%b %Y}"


def counted(number: int, noun: str) -> str:
    """A number of things: ``1 page``, ``2,400 pages``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def bytes_text(size: int) -> str:
    """A number of bytes: ``640 kB``, ``1.2 MB``; "" for none."""
    if not size:
        return ""
    return f"{size / 1e6:,.1f} MB" if size >= 10**6 else f"{max(size // 1000, 1)} kB"


def moment_text(then: datetime) -> str:
    """A moment in full, with its zone: ``9 November 2026, 14:05 UTC``; the end of a day is that day."""
    if then.time() == time.max:
        return f"{then.day} {then:%B %Y}"
    return f"{then.day} {then:%B %Y, %H:%M} UTC"


def times_text(new: int, old: int) -> str:
    """``new`` as a multiple of ``old``: ``×2``, ``×1.5``, ``×0.25``."""
    ratio = (Decimal(new) / old).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"×{ratio.normalize():f}"


def weekday_text(day: date, today: date) -> str:
    """A day as a heading: ``Monday 9 November``, with the year if it is another one."""
    return f"{day:%A} {day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def move_text(old: int | Decimal, new: int | Decimal) -> str:
    """How far a price moved: ``+236%``, ``−5.9%``, from +300% on as a multiple: ``×5.2``. ``old`` is not 0."""
    ratio = Decimal(new) / Decimal(old)
    if ratio >= 4:
        return f"×{_short(ratio)}"
    percent = abs(ratio - 1) * 100
    return f"{'+' if new > old else '−'}{_short(percent)}%"


def _short(number: Decimal) -> str:
    """One decimal below 10, none above, and two digits where that would be 0."""
    if 0 < number < Decimal("0.05"):
        return f"{TWO_DIGITS.create_decimal(number).normalize():f}"
    short = number.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{short if short < 10 else number.quantize(Decimal(1), ROUND_HALF_UP):,}"
