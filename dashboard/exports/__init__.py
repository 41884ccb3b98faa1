"""Tables as files: `table.py` says what a table is, one writer per format writes it, `answer.py` sends it."""
