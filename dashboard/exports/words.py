"""What files say of themselves in words."""

from catalog.pricing.workload import Workload


def workload_text(name: str, workload: Workload) -> str:
    """A workload with all its numbers, to the token."""
    return (
        f"{name}: {workload.requests:,} requests a month of {workload.prompt:,} prompt tokens "
        f"({workload.cached_read:,} of them read from the cache, {workload.cache_written:,} written to it) "
        f"and {workload.output:,} output tokens, {workload.mode} mode"
    )
