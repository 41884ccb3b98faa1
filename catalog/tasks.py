"""Where huey looks for tasks."""

from catalog.sync.tasks import sync_due, sync_one

__all__ = ["sync_due", "sync_one"]
