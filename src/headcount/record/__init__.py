"""The record: every report kept, the accounts of one event linked, every value traced to its words.

``engine`` opens it, ``storing`` keeps what was read, ``ledger`` what people decide; ``deriving`` makes events of both, and
``asking`` answers. The same tables and the same code on SQLite and PostgreSQL.
"""
