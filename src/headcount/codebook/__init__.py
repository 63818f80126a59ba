"""The project's codebook as data: word lists, phrases and rules in TOML, each with its reason and examples."""

from headcount.codebook.load import table

__all__ = ["table"]
