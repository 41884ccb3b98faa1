"""The offers that were picked for a comparison, as an address names them: ``o=12&o=345``, up to six."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import QueryDict

from catalog.services.catalogs import Catalogs
from catalog.services.compare import Picked, picked_offers
from dashboard.address import Address

MOST = 6
READ_MOST = 60
"""Of more ids than this the rest is not even looked at."""


class Picks(NamedTuple):
    """What is picked, in the order of the address, and sentences on what was left out."""

    picked: Sequence[Picked] = ()
    problems: Sequence[str] = ()

    @property
    def ids(self) -> frozenset[int]:
        """The ids of the offers."""
        return frozenset(one.offer_id for one in self.picked)

    @property
    def texts(self) -> list[str]:
        """The ids as the address has them."""
        return [str(one.offer_id) for one in self.picked]

    def on(self, address: Address) -> Address:
        """The same address with what is picked."""
        return Address(address.path, {**address.parameters, "o": self.texts}) if self.picked else address

    def without(self, offer_id: int) -> list[str]:
        """The same without one of them."""
        return [str(one.offer_id) for one in self.picked if one.offer_id != offer_id]


NONE = Picks()


def read_picks(data: QueryDict, catalogs: Catalogs) -> Picks:
    """Read ``o``: offers in these ``catalogs``, each once, six at most. One query, none where nothing is picked.

    One that the viewer may not see is left out with the same words as one that there is not.
    """
    given = data.getlist("o")
    if not given:
        return NONE
    texts = [text for text in dict.fromkeys(given) if text][:READ_MOST]
    ids = list(dict.fromkeys(int(text) for text in texts if _is_id(text)))
    problems = [f"“{text[:40]}” is no offer." for text in texts if not _is_id(text)][:3]
    found = picked_offers(ids, catalogs)
    if missing := len(ids) - len(found):
        many = "One of the offers is" if missing == 1 else f"{missing} of the offers are"
        problems.append(f"{many} not in the catalogs that you may see.")
    if len(found) > MOST:
        names = ", ".join(one.name for one in found[MOST:])
        problems.append(f"A comparison is of {MOST} offers at most; left out: {names}.")
    return Picks(found[:MOST], problems)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
