"""Where huey looks for tasks."""

from catalog.sync.tasks import count_open, forget_syncs, sync_due, sync_one, tidy

__all__ = ["count_open", "forget_syncs", "sync_due", "sync_one", "tidy"]
