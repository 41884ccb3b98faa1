"""A small answer per kind of catalog, in its documented shape, ugly rows included; each is a file beside this one.

`ANSWERS` gives for each kind the setup to read it with and the body of the answer.
"""

from pathlib import Path

from catalog.sources.base import Setup

HERE = Path(__file__).parent


def body(name: str) -> bytes:
    """The content of a file here."""
    return (HERE / name).read_bytes()


ANSWERS: dict[str, tuple[Setup, bytes]] = {
    "reference": (Setup(), b""),
    "freddy": (Setup(organization="org_abc123"), body("freddy.json")),
    "models_dev": (Setup(), body("models_dev.json")),
    "huggingface": (Setup(), body("huggingface.json")),
    "vercel": (Setup(), body("vercel.json")),
    "openai_compatible": (Setup(), body("openai_compatible.json")),
    "galtea": (Setup(), body("galtea.json")),
    "openrouter": (Setup(), body("openrouter.json")),
    "litellm": (Setup(), body("litellm.json")),
    "litellm_prices": (Setup(), body("litellm_prices.json")),
}
