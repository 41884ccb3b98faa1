"""The workload that an address holds: a preset's name, or numbers. Every page that shows costs reads it here.

``preset`` is one of `PRESETS`. ``n`` requests per month, ``tin`` prompt tokens, ``read`` and ``write`` the part of
them that is read from the cache and written to it (``80%``, or tokens: ``96000``, ``96k``), ``tout`` output tokens, and
``mode``, which is also the mode that the Offers page shows. Numbers beside a preset take the place of its own. Without
``mode`` that of the workload is ``wmode``: so numbers may have one that the Offers page does not show.

A form sends its numbers along when another preset is chosen. It says in ``was`` whose numbers it showed: if that is not
the preset, the preset's count.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict

from catalog.fields import whole_number
from catalog.pricing.presets import PRESETS
from catalog.pricing.rates import STANDARD
from catalog.pricing.shares import Shares, cached_tokens, shares_of
from catalog.pricing.workload import LABELS, Problem, Workload, WorkloadError
from dashboard.formats import size_text

FIELDS = {
    "n": "requests",
    "tin": "prompt",
    "read": "cached_read",
    "write": "cache_written",
    "tout": "output",
    "mode": "mode",
}
"""What a workload calls each parameter."""
NAMES = {own: name for name, own in FIELDS.items()}
OWN_MODE = "wmode"
PARAMETERS = ("preset", *FIELDS, OWN_MODE)
EMPTY = {**dict.fromkeys(FIELDS, ""), "read": "0", "write": "0", "mode": STANDARD}
LONGEST = 60
NO_SHARE = Decimal(0)


@dataclass(frozen=True, slots=True)
class WorkloadView:
    """The workload of an address, None if there is none or it cannot be; then ``problems`` say why, by parameter.

    ``preset`` is the one that it equals, else "". ``texts`` are the values for a form's fields, as typed where they
    make no sense. ``parameters`` are those of the address, without defaults; no page's workload is one of them, so they
    can be carried from page to page.
    """

    preset: str
    workload: Workload | None
    texts: Mapping[str, str]
    problems: tuple[Problem, ...]
    parameters: Mapping[str, list[str]]

    @property
    def invalid(self) -> frozenset[str]:
        """The parameters that do not make sense, or not together."""
        return frozenset(name for problem in self.problems for name in problem.fields)

    def said_at(self, name: str) -> str:
        """What is wrong, in sentences, to be said at this parameter: each problem at the first of its own."""
        return " ".join(problem.sentence for problem in self.problems if problem.fields[0] == name)

    @property
    def name(self) -> str:
        """What to call it."""
        return PRESETS[self.preset].name if self.preset else "My own numbers"

    @property
    def summary(self) -> str:
        """The workload in a line, all its parts; "" without one.

        ``Coding agent: 40,000 requests a month, 120K in (96K from the cache, 7.2K written to it), 2.5K out``
        """
        if self.workload is None:
            return ""
        read, written = size_text(self.workload.cached_read), size_text(self.workload.cache_written)
        cached = [
            *([f"{read} from the cache"] if self.workload.cached_read else []),
            *([f"{written} written to it"] if self.workload.cache_written else []),
        ]
        inside = f" ({', '.join(cached)})" if cached else ""
        sizes = f"{size_text(self.workload.prompt)} in{inside}, {size_text(self.workload.output)} out"
        mode = "" if self.workload.mode == STANDARD else f", {self.workload.mode}"
        return f"{self.name}: {self.workload.requests:,} requests a month, {sizes}{mode}"


def read_workload(data: QueryDict, *, default: str = "", modes: Collection[str] | None = None) -> WorkloadView:
    """Read the workload's parameters; ``default`` is the preset of an address without any, "" for none.

    ``modes`` are those that offers have; None lets any pass. What makes no sense leaves no workload and a problem for
    each parameter that it is about.
    """
    problems: list[Problem] = []
    sent = {name: values[0] for name, values in data.lists() if values}  # of several modes the first one counts
    preset = sent.get("preset", "")
    if preset and preset not in PRESETS:
        problems.append(Problem(("preset",), f"There is no preset “{preset[:40]}”."))
        preset = ""
    # A field that was emptied is empty; in an address written by hand, it is not there.
    kept = sent if "was" in sent else {name: text for name, text in sent.items() if text}
    given = {name: str(kept[name]).strip()[:LONGEST] for name in FIELDS if name in kept}
    own_mode = sent.get(OWN_MODE, "").strip()[:LONGEST]
    if own_mode:
        given.setdefault("mode", own_mode)
    if preset and sent.get("was", preset) != preset:
        given = {}
    # The mode alone is no workload: the Offers page has it without one.
    if not preset and not given.keys() - {"mode"}:
        preset = default
    if not preset and not given.keys() - {"mode"}:
        return WorkloadView("", None, EMPTY, tuple(problems), {})
    texts = {**(texts_of(PRESETS[preset].workload) if preset else EMPTY), **given}
    try:
        workload = _workload(texts, modes)
    except WorkloadError as error:
        problems += [Problem(tuple(NAMES[name] for name in fields), sentence) for fields, sentence in error.problems]
        return WorkloadView("", None, texts, tuple(problems), _parameters(texts))
    preset = next((name for name, known in PRESETS.items() if known.workload == workload), "")
    texts = {**texts_of(workload), **_cached(texts, workload)}
    own = {OWN_MODE: [own_mode]} if own_mode else {}
    parameters = {"preset": [preset]} if preset else {**_parameters(texts), **own}
    return WorkloadView(preset, workload, texts, tuple(problems), parameters)


def texts_of(workload: Workload) -> dict[str, str]:
    """A form's values for this workload: cached parts in percent where those are short, else in tokens.

    Shares are rounded together (`pricing.shares`), so what is written is a share only if what is read is one too.
    """
    shares = shares_of(workload)
    read = _part(shares.read, workload.cached_read)
    alone = workload.cached_read and not read.endswith("%")
    return {
        "n": f"{workload.requests:,}",
        "tin": f"{workload.prompt:,}",
        "read": read,
        "write": f"{workload.cache_written:,}" if alone else _part(shares.written, workload.cache_written),
        "tout": f"{workload.output:,}",
        "mode": workload.mode,
    }


def _part(share: Decimal, tokens: int) -> str:
    return f"{share:f}%" if tokens and share == share.to_integral() else f"{tokens:,}"


def parameters_of(workload: Workload) -> dict[str, list[str]]:
    """The parameters that name this workload in an address."""
    preset = _preset_of(workload)
    return {"preset": [preset]} if preset else _parameters(texts_of(workload))


def _preset_of(workload: Workload) -> str:
    return next((name for name, known in PRESETS.items() if known.workload == workload), "")


def _parameters(texts: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [text.replace(",", "")] for name, text in texts.items() if text and text != EMPTY[name]}


def _cached(texts: Mapping[str, str], workload: Workload) -> dict[str, str]:
    """The cached parts as they were given: a share stays a share, whatever the prompt becomes."""
    tokens = {"read": workload.cached_read, "write": workload.cache_written}
    return {
        name: texts[name].replace(" ", "") if texts[name].endswith("%") else f"{number:,}"
        for name, number in tokens.items()
    }


def _workload(texts: Mapping[str, str], modes: Collection[str] | None) -> Workload:
    """The workload of these texts. Raises WorkloadError."""
    problems = []
    numbers: dict[str, int] = {}
    shares: dict[str, Decimal] = {}
    for name in ("n", "tin", "read", "write", "tout"):
        text = texts[name] or ("0" if name in ("read", "write") else "")
        share = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*%", text) if name in ("read", "write") else None
        number = whole_number(text)
        if share:
            shares[name] = Decimal(share[1])
        elif number is not None:
            numbers[name] = number
        else:
            problems.append(Problem((FIELDS[name],), _not_a_number(name, text)))
    mode = texts["mode"] or STANDARD
    if modes is not None and mode not in modes and mode != STANDARD:
        problems.append(Problem(("mode",), f"There is no mode “{mode}” here."))
    if problems:
        raise WorkloadError(problems)
    if shares:
        both = Shares(shares.get("read", NO_SHARE), shares.get("write", NO_SHARE))
        cached = dict(zip(("read", "write"), cached_tokens(numbers["tin"], both), strict=True))
        numbers |= {name: cached[name] for name in shares}
    return Workload(**{FIELDS[name]: number for name, number in numbers.items()}, mode=mode)


def _not_a_number(name: str, text: str) -> str:
    label = LABELS[FIELDS[name]]
    if not text:
        return f"{label}: a number is needed."
    example = "80% or 96,000" if name in ("read", "write") else "40,000 or 40k"
    return f"{label}: “{text}” is not a number such as {example}."
