"""Where huey looks for tasks."""

from catalog.sync.tasks import forget_syncs, sync_due, sync_one

__all__ = ["forget_syncs", "sync_due", "sync_one"]
