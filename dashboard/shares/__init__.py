"""Links that share a view: which pages can be shared, and how one is shown to whoever opens the link."""
