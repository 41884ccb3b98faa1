"""A Markdown table as GitHub, GitLab and most wikis read it (https://github.github.com/gfm/#tables-extension-)."""

from collections.abc import Iterable
from typing import IO

from dashboard.exports.harmless import markdown_text
from dashboard.exports.table import Kind, Table, written


def write(table: Table, out: IO[bytes]) -> None:
    """Write ``table`` to ``out``, row by row."""
    out.write(f"# {markdown_text(table.title)}\n\n".encode())
    for label, text in table.about:
        out.write(f"- {markdown_text(label)}: {markdown_text(text)}\n".encode())
    out.write(f"- Link: <{table.link}>\n\n".encode())
    out.write(_line(markdown_text(column.heading) for column in table.columns))
    out.write(_line("---:" if column.kind == Kind.NUMBER else "---" for column in table.columns))
    for row in table.rows:
        out.write(_line(written(value, markdown_text) for value in row))


def _line(cells: Iterable[str]) -> bytes:
    return f"| {' | '.join(cells)} |\n".encode()
