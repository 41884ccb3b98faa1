"""Prices of Vercel's AI Gateway that are not of text tokens: audio, images, video, searches, regions.

Vercel's page calls ``web_search`` and ``maps_search`` prices per request; its values ("10", "25") are the vendors'
prices per 1,000, as its model pages show them (https://vercel.com/ai-gateway/models).
"""

from collections.abc import Iterator
from typing import Any

from catalog.sources.base import OtherPrice
from catalog.sources.values import usd_text

MILLION = 1_000_000
PLAIN = {
    "audio_input_token_cost": ("input audio", "1M tokens", MILLION),
    "audio_output_token_cost": ("output audio", "1M tokens", MILLION),
    "image": ("image", "image", 1),
    "web_search": ("web search", "1,000 searches", 1),
    "maps_search": ("maps search", "1,000 searches", 1),
    "speech_input_character_cost": ("input text", "1M characters", MILLION),
    "transcription_duration_cost_per_second": ("input audio", "second", 1),
    "realtime_client_message_cost": ("client message", "message", 1),
    "realtime_session_duration_cost_per_second": ("session", "second", 1),
}
LISTED = {
    "image_dimension_quality_pricing": ("image", "image", "cost"),
    "video_duration_pricing": ("video", "second", "cost_per_second"),
}
REGIONAL = {
    "input": "input",
    "output": "output",
    "input_cache_read": "cache read",
    "input_cache_write": "cache write",
}


def other_prices(pricing: dict[str, Any]) -> Iterator[OtherPrice]:
    """Every such price of a row's ``pricing``; raises PriceError."""
    for sent_as, (name, per, times) in PLAIN.items():
        yield from _price(name, pricing.get(sent_as), per, times)
    for sent_as, (name, per, cost) in LISTED.items():
        variants = pricing.get(sent_as)
        for variant in variants if isinstance(variants, list) else ():
            if isinstance(variant, dict):
                yield from _price(name, variant.get(cost), per, 1, _words(variant, cost))
    regions = pricing.get("regional")
    for region, prices in regions.items() if isinstance(regions, dict) else ():
        for sent_as, name in REGIONAL.items():
            if isinstance(prices, dict):
                yield from _price(name, prices.get(sent_as), "1M tokens", MILLION, f"in region {region}")


def _price(name: str, sent: object, per: str, times: int, when: str = "") -> Iterator[OtherPrice]:
    if usd := usd_text(sent, times):
        yield OtherPrice(name, usd, per, when=when)


def _words(variant: dict[str, Any], cost: str) -> str:
    """What a variant depends on: ``size 1024x1024, quality hd``."""
    conditions = ((name.replace("_", " "), value) for name, value in variant.items() if name != cost)
    return ", ".join(
        f"{name} {str(value).lower()}" for name, value in conditions if isinstance(value, str | bool | int)
    )
