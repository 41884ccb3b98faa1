"""Workloads to start from. The numbers are round ones of common uses, to be changed to one's own."""

from typing import NamedTuple

from catalog.pricing.workload import Workload


class Preset(NamedTuple):
    """A name for people, what it stands for in a sentence, and the workload."""

    name: str
    about: str
    workload: Workload


PRESETS = {
    "chat": Preset(
        "Chat assistant",
        "Short turns; half of each prompt is the conversation so far, read from the cache.",
        Workload(requests=100_000, prompt=3_000, cached_read=1_500, output=400),
    ),
    "retrieval": Preset(
        "Retrieval over documents",
        "Questions answered from passages that differ each time; the instructions come from the cache.",
        Workload(requests=50_000, prompt=12_000, cached_read=1_200, output=600),
    ),
    "coding": Preset(
        "Coding agent",
        "A large prompt of code and history, four fifths of it read from the cache and some written to it.",
        Workload(requests=40_000, prompt=120_000, cached_read=96_000, cache_written=7_200, output=2_500),
    ),
    "summaries": Preset(
        "Summarising",
        "One text in, a short one out, nothing cached.",
        Workload(requests=20_000, prompt=8_000, output=500),
    ),
    "classification": Preset(
        "Bulk classification",
        "Very many short texts and a word about each, in batch mode.",
        Workload(requests=1_000_000, prompt=600, output=10, mode="batch"),
    ),
    "long": Preset(
        "Long documents",
        "Prompts above 200,000 tokens, where many vendors charge more for all of the request.",
        Workload(requests=2_000, prompt=300_000, output=3_000),
    ),
}
