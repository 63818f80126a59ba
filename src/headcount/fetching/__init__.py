"""Pages, feeds, sitemaps and archives from the web: politely, and never from an address that is not public.

Off unless asked for. The only package that opens a connection; the clock and the pauses are given to it.
"""

from __future__ import annotations

from headcount.fetching.addresses import Address, AddressError, Allowance, parse_address
from headcount.fetching.collecting import collect
from headcount.fetching.fetcher import Fetched, Fetcher, FetchError

__all__ = ["Address", "AddressError", "Allowance", "FetchError", "Fetched", "Fetcher", "collect", "parse_address"]
