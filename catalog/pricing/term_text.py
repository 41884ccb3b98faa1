"""Contract terms in words, for pages and the admin alike."""

from datetime import date
from decimal import Decimal

from catalog.pricing.rates import COMPONENTS
from catalog.pricing.terms import Term
from catalog.pricing.units import exact_text, price_text


def change_text(term: Term) -> str:
    """What it does: ``−20%``, ``+2.5%``, ``no change``, ``fixed input 2.00, output 8.00``: US dollars per 1M tokens."""
    if term.change is None:
        return f"fixed {', '.join(_fixed(name, term.fixed[name]) for name in COMPONENTS if name in term.fixed)}"
    if term.change == 0:
        return "no change"
    percent = (Decimal(abs(term.change)) / 100).normalize()
    return f"{'−' if term.change < 0 else '+'}{percent:f}%"


def _fixed(name: str, pico: int) -> str:
    if name == "request":
        return f"{exact_text(pico)} per request"
    return f"{'flat' if name == 'blended' else name.replace('_', ' ')} {price_text(pico)}"


def reach_text(term: Term) -> str:
    """What it is for, besides its catalog: ``openai, gpt-4*, batch mode``; ``all offers``."""
    parts = (term.provider, term.pattern, term.mode and f"{term.mode} mode")
    return ", ".join(filter(None, parts)) or "all offers"


def days_text(term: Term) -> str:
    """When it holds: ``since 1 Jan 2026``, ``1 Jan 2026 – 31 Dec 2026``."""
    first = _day(term.first_day)
    return f"{first} – {_day(term.last_day)}" if term.last_day else f"since {first}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def term_text(term: Term) -> str:
    """All of it but whom it is with: ``−20%, Frame agreement, since 1 Jan 2026``."""
    return f"{change_text(term)}, {term.reason}, {days_text(term)}"
