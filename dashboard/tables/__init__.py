"""What tables and their filters show, ready for a template."""
