"""Numbers that templates draw as SVG."""
