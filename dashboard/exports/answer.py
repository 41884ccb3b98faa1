"""A table sent as a file."""

from tempfile import SpooledTemporaryFile

from django.http import FileResponse
from django.utils.cache import add_never_cache_headers

from dashboard.exports.formats import Format
from dashboard.exports.table import Table

IN_MEMORY = 1_000_000
"""Bytes; what is longer goes to the disk."""


def file_response(table: Table, made_as: Format) -> FileResponse:
    """The file, written in full before its first byte is sent.

    So a slow download holds no snapshot of the database, which must not be tidied up meanwhile; and an error is an
    error, not half a file that looks like a whole one.
    """
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the response closes it)
    try:
        made_as.write(table, file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    name = f"ratecard-{table.name}-{table.moment:%Y-%m-%d}.{made_as.ending}"
    response = FileResponse(file, as_attachment=not made_as.to_read, filename=name, content_type=made_as.content_type)
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
