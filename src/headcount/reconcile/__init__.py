"""Reconcile: many accounts of one event to one event, every value with the statements that it comes from."""

from headcount.reconcile.events import Member, reconcile_event

__all__ = ["Member", "reconcile_event"]
