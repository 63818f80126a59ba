"""Coding: report to statements to candidate events. Pure functions of the report; no store, clock or network."""

from headcount.coding.reader import Reader

__all__ = ["Reader"]
