"""Text from catalogs that a spreadsheet or a page would take for more than text."""

import re

FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may run (https://owasp.org/www-community/attacks/CSV_Injection)."""
MARKED = re.compile(r"([\\`*_\[\]|~])")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def csv_text(text: str) -> str:
    """``text`` with an apostrophe before what a spreadsheet would calculate; programs take it off again."""
    return f"'{text}" if FORMULA.match(text) else text


def markdown_text(text: str) -> str:
    """``text`` on one line, its signs of Markdown and HTML shown as they are."""
    line = BREAKS.sub(" ", text)
    escaped = MARKED.sub(r"\\\1", line)
    return re.sub("[&<>]", lambda found: ENTITIES[found[0]], escaped)
