"""LiteLLM's price keys: ``input_cost_per_token_above_200k_tokens_batches`` and some 200 like it, read by their grammar.

https://docs.litellm.ai/docs/provider_registration/add_model_pricing. A key names what is priced, then may name a prompt
size from which on (exclusive, ``128k`` is 128,000) and a service tier; the last two stand in either order.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from catalog.pricing.rates import STANDARD

RATES = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "input_cost_per_token_cache_hit": "cache_read",
    "cache_creation_input_token_cost": "cache_write",
    "input_cost_per_request": "request",
}
"""What a rate holds; every other key is listed beside the rates."""

MODES = {"batches": "batch", "batch_requests": "batch"}
TIERS = "batches|batch_requests|flex|priority|ultrafast|fast|balanced|decisions"
FLOOR = re.compile(r"_above_(\d{1,9})(k?)_tokens")
RATE = re.compile(rf"({'|'.join(RATES)})(?:_(?!cache_hit)([a-z][a-z_]{{0,40}}))?")
TIER = re.compile(rf"(.+?)_({TIERS})")
KEPT = re.compile(r"_above_(\d+)hr$")
INTERVAL = re.compile(r"_above_(\d+)s_interval$")
COST = re.compile(r"(?:(?P<what>.+?)_)?cost_per_(?P<unit>[A-Za-z0-9_.]+)|(?P<cached>.+?)_token_cost")
UNITS = {"1k_calls": "1,000 calls", "1k_tokens": "1,000 tokens", "gb_per_day": "GB and day", "text_message": "message"}
NOT_DOLLARS = re.compile(r"_dbu?_cost_per_token$")
"""Databricks units: what a unit costs depends on the contract."""


class Key(NamedTuple):
    """What a key prices: a ``component`` of the rates, or "" for ``name`` in US dollars per ``per``.

    ``per`` is "token" for what is listed per 1M tokens. ``above`` is the floor in prompt tokens; ``when`` says in words
    what else the price depends on.
    """

    component: str
    name: str = ""
    per: str = ""
    mode: str = STANDARD
    above: int = 0
    when: str = ""


@lru_cache(maxsize=4_096)
def read_key(key: str) -> Key | None:
    """What ``key`` prices, or None if it is not a price in US dollars."""
    if NOT_DOLLARS.search(key):
        return None
    floor = FLOOR.search(key)
    above = int(floor[1]) * (1_000 if floor[2] else 1) if floor else 0
    bare = FLOOR.sub("", key, count=1)
    if rate := RATE.fullmatch(bare):
        return Key(RATES[rate[1]], mode=MODES.get(rate[2], rate[2] or STANDARD), above=above)
    tier = TIER.fullmatch(bare)
    mode = MODES.get(tier[2], tier[2]) if tier else STANDARD
    return _other(tier[1] if tier else bare, mode, above)


def _other(key: str, mode: str, above: int) -> Key | None:
    kept, interval = KEPT.search(key), INTERVAL.search(key)
    cost = COST.fullmatch(INTERVAL.sub("", KEPT.sub("", key)))
    if not cost:
        return None
    when = f"of more than {interval[1]} s" if interval else ""
    if cost["cached"]:
        name = _words(cost["cached"].replace("creation", "write").replace("_input", ""))
        return Key("", f"{name} {kept[1]}h" if kept else name, "token", mode, above, when)
    what, unit, size = _words(cost["what"] or "") or "usage", cost["unit"], ""
    if unit in UNITS:
        unit = UNITS[unit]
    elif "_per_" in unit:  # video_per_second
        thing, _, unit = unit.rpartition("_per_")
        what = f"{what} {_words(thing)}"
    elif unit.endswith("_token"):  # audio_token
        what, unit = f"{what} {_words(unit.removesuffix('_token'))}", "token"
    else:  # image, image_1K, second_1080p
        unit, _, size = unit.partition("_")
    return Key("", f"{what} {_words(size)}".strip(), unit or "unit", mode, above, when)


def _words(name: str) -> str:
    return " ".join(name.split("_")).strip()
