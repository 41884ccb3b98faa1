"""Keys that the embedded set-up makes for itself: files in the data folder that only their owner can read.

And the check of those that a person brings.
"""

import base64
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path


def secret_key() -> str:
    """A new SECRET_KEY for Django."""
    return secrets.token_urlsafe(48)


def credential_key() -> str:
    """A new Fernet key (https://github.com/fernet/spec): 32 random bytes as URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def credential_keys(given: Iterable[str]) -> list[str]:
    """The Fernet keys in ``given``, blanks left out. Raises ValueError with a sentence that shows none of them."""
    found = [key.strip() for key in given if key.strip()]
    if not found:
        raise ValueError("there is no key in it.")
    for number, key in enumerate(found, 1):
        if not re.fullmatch(r"[\w-]{43}=", key, re.ASCII):
            raise ValueError(f"key {number} is not a Fernet key: 32 random bytes as URL-safe base64, 44 characters.")
    return found


def make_folder(folder: Path) -> None:
    """Make the data folder, for its owner alone. Raises OSError where nothing can be written into it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def kept(path: Path, make: Callable[[], str]) -> str:
    """The text of ``path``; on the first call ``make()`` writes it, mode 0600 in a folder of mode 0700.

    Two processes that start together agree on one key: the file appears whole or not at all. Raises OSError where the
    folder cannot be written.
    """
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        draft.write_text(make() + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
