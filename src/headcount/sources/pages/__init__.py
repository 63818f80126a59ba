"""Saved pages: their text, day of publication, publisher and address, and where in the bytes each word stands."""
