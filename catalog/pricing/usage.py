"""Usage records of vendors' answers as a workload: paste one, or a JSON list of them, and get their averages."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from catalog.pricing.rates import STANDARD
from catalog.pricing.usage_forms import Usage, UsageError, anthropic, gemini, openai
from catalog.pricing.workload import Workload, WorkloadError

LONGEST_TEXT = 1_000_000
MOST_RECORDS = 10_000
HOLDERS = ("usage", "usageMetadata", "usage_metadata")
AROUND = ("response", "body", "result", "message")
"""Keys under which batches and streams put the answer itself."""
DEEPEST = 5
FORMS = "the usage of an OpenAI, Anthropic or Gemini answer"
READERS: dict[str, Callable[[Mapping[str, Any]], Usage]] = {
    "promptTokenCount": gemini,
    "prompt_token_count": gemini,
    "prompt_tokens": openai,
    "input_tokens_details": openai,
    "input_tokens": anthropic,
}
"""Who reads a record, by the first of these keys that it has."""


def workload_of_usage(text: str, *, requests: int, mode: str = STANDARD) -> Workload:
    """The workload of ``requests`` per month that are on average like the pasted records.

    Averages are rounded to whole tokens: prompt and output to the nearest, cached parts down, so that they stay within
    the prompt. Raises UsageError, and WorkloadError for impossible ``requests`` or ``mode``.
    """
    records = read_usage(text)
    many = len(records)
    prompt, cached_read, cache_written, output = (sum(column) for column in zip(*records, strict=True))
    return Workload(
        requests=requests,
        prompt=_nearest(prompt, many),
        output=_nearest(output, many),
        cached_read=cached_read // many,
        cache_written=cache_written // many,
        mode=mode,
    )


def _nearest(total: int, many: int) -> int:
    return (2 * total + many) // (2 * many)


def read_usage(text: str) -> list[Usage]:
    """Every usage record in ``text``: one or a JSON list of them, or of whole answers that hold one each.

    Raises UsageError.
    """
    if len(text) > LONGEST_TEXT:
        raise UsageError(f"The text has {len(text):,} characters; {LONGEST_TEXT:,} are the most that are read.")
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError(f"This is not JSON. Paste {FORMS}, or a list of them in square brackets.") from None
    if not isinstance(sent, list):
        return [_usage(sent)]
    if not 0 < len(sent) <= MOST_RECORDS:
        raise UsageError(f"The list holds {len(sent):,} records; it takes 1 to {MOST_RECORDS:,}.")
    found = []
    for number, row in enumerate(sent, 1):
        try:
            found.append(_usage(row))
        except UsageError as error:
            raise UsageError(f"Record {number}: {error}") from None
    return found


def _usage(row: object) -> Usage:
    record = _record(row)
    reader = next((read for key, read in READERS.items() if key in record), None)
    if reader is None:
        raise UsageError(f"This is not {FORMS}: it has no prompt_tokens, input_tokens or promptTokenCount.")
    usage = reader(record)
    try:
        Workload(requests=1, **usage._asdict())
    except WorkloadError as error:
        raise UsageError(str(error)) from None
    return usage


def _record(row: object) -> Mapping[str, Any]:
    """The usage record itself, wherever in an answer it lies."""
    for _ in range(DEEPEST):
        if not isinstance(row, dict):
            break
        held = next((row[key] for key in (*HOLDERS, *AROUND) if isinstance(row.get(key), dict)), None)
        if held is None:
            return row
        row = held
    raise UsageError(f"This is not {FORMS}.")
