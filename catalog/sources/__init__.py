"""Adapters: what a catalog sells, in plain records. No database here; `kinds` lists what there is."""
