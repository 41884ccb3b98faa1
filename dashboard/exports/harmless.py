"""Text from catalogs that a spreadsheet or a page would take for more than text."""

import re

FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may run (https://owasp.org/www-community/attacks/CSV_Injection)."""
BREAKS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
MARKDOWN = str.maketrans(
    {sign: f"\\{sign}" for sign in r"\`*_[]|~"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | dict.fromkeys(BREAKS, " ")
)


def csv_text(text: str) -> str:
    """``text`` with an apostrophe before what a spreadsheet would calculate; programs take it off again."""
    return f"'{text}" if FORMULA.match(text) else text


def markdown_text(text: str) -> str:
    """``text`` on one line, its signs of Markdown and HTML shown as they are."""
    return text.translate(MARKDOWN)
