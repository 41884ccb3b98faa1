"""The one door to the network: nothing else in Ratecard opens a connection to a catalog's server.

`door` asks and asks again, `wire` connects to addresses that `address` lets through, `faults` and `statuses` say what
went wrong, with the server's own `words` if it has any, and `waits` reads when it wants to be asked again.
"""

from catalog.sources.http.door import HttpDoor
from catalog.sources.http.limits import Limits

__all__ = ["HttpDoor", "Limits"]
