"""Whether two ids of one offer say the same model, one of them more exactly.

OpenRouter's ``qwen/qwen3-32b`` has the permanent slug ``qwen/qwen3-32b-04-28``; a gateway's ``gpt-3.5-turbo`` may be
Azure's ``gpt-3.5-turbo-0125``. Other words make other models: ``gpt-4.1-mini`` is not ``gpt-4.1``.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

FILLER = re.compile(r"-(?:instruct|it|chat|hf|pt)(?=-|$)")
DETAIL = re.compile(
    r"-(?:(?:0[1-9]|1[0-2])-(?:[0-3]\d|20\d\d)"  # 04-28, 03-2025
    r"|\d{4}|\d{6}|\d{8}"  # 2507, 250414
    r"|a-\d+-b|\d+-[bem])(?=-|$)"  # a22b, 17b, 128e
)


def nearly(keys: Iterable[str]) -> bool:
    """Tell whether keys differ only in filling words, and in dates and sizes that some of them leave out."""
    gists, details = zip(*map(_parted, keys), strict=True)
    fullest = max(details, key=len)
    return len(set(gists)) == 1 and all(detail <= fullest for detail in details)


@lru_cache(maxsize=4096)
def _parted(key: str) -> tuple[str, frozenset[str]]:
    plain = FILLER.sub("", key)
    return DETAIL.sub("", plain), frozenset(DETAIL.findall(plain))
