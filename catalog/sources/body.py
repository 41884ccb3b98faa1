"""Whether the body of an answer can be JSON at all, before anything parses it."""

from itertools import accumulate

from catalog.sources.errors import SourceUnreadable

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
STEPS = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}
NOT_STRUCTURE = bytes(set(range(256)) - STEPS.keys() - {ord('"')})


def checked(body: bytes, deepest: int = 64) -> bytes:
    """The body, without a byte order mark. Raises SourceUnreadable when it is empty, a page, not UTF-8 or too deep."""
    body = body.removeprefix(BYTE_ORDER_MARK)
    start = body.lstrip()[:1]
    if not start:
        raise SourceUnreadable("The answer is empty.")
    if start == b"<":
        raise SourceUnreadable(
            "The answer is HTML or XML, not JSON: the base URL probably leads to a web page, not to the API."
        )
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise SourceUnreadable(f"The answer is not UTF-8 text: byte {error.start:,} cannot be read.") from None
    if depth(body) > deepest:
        raise SourceUnreadable(f"The answer has lists and objects more than {deepest} levels deep.")
    return body


def depth(body: bytes) -> int:
    """How far objects and lists lie in each other, strings apart; of text that is not JSON, some number.

    Without escapes every quote begins or ends a string. 10 MB take about 0.1 s.
    """
    plain = body.replace(rb"\\", b"").replace(rb"\"", b"") if b"\\" in body else body
    outside = b"".join(plain.translate(None, NOT_STRUCTURE).split(b'"')[::2])
    return max(accumulate(map(STEPS.__getitem__, outside), initial=0))
