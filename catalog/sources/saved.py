"""An answer saved as a file, read instead of the network: for machines that have none, and for trying things out."""

from catalog.sources.base import Parameters, Watch
from catalog.sources.body import checked


class FileDoor:
    """Answers every request with the same body: sources that page stop when a page brings nothing new."""

    def __init__(self, name: str, body: bytes) -> None:
        self.name = name
        self.body = body

    def address(self, path: str) -> str:
        """The name of the file."""
        return self.name

    def get(self, path: str, parameters: Parameters = ()) -> bytes:
        """The content of the file. Raises SourceUnreadable when it cannot be JSON."""
        return checked(self.body)

    def count(self, rows: int, total: int | None = None) -> None:
        """Nothing: it is read at once."""

    def watched_by(self, watch: Watch) -> None:
        """Nothing: the file was read before."""

    def close(self) -> None:
        """Nothing: the file was read before."""
