"""Which accounts are one event. Never sees a report's text: only values, and hashes of words.

    accounts = Accounts.from_accounts([describe_account(event, report), ...])   # or Accounts.from_columns({...})
    linked = link(accounts, decisions=[("r1/e1", "r2/e7", "same"), ...])         # the last decision of a pair holds
    linked.cluster        # for each account the row of its cluster's first account (by candidate id)
    linked.witness        # accounts of a cluster that repeat one text share a label: one witness
    linked.pairs          # left, right (rows), score, levels, verdict (index into VERDICTS), by_person
    linked.ties           # rows of (counter-protest's cluster, target's cluster)
    linked.overruled      # decisions that newer ones contradict
    write_reasons(left_account, right_account, linked.pairs.levels[row])        # ("same day, 12 May 2018", ...)
    judge_pair(left_account, right_account)                                     # one pair, for ``explain``

Near-copies of texts: ``sketch_text(text) -> bytes`` is kept with a report, ``band_keys(signature)`` (56 signed 64-bit
integers) in an index; reports that share a key are near-copies where ``similarity(a, b) >= COPY_SIMILARITY``. Accounts of
near-copies get one ``copy_group``. ``pack_words`` writes ``Account.words`` as a blob that ``from_columns`` reads back.
"""

from headcount.linkage.accounts import ACCOUNT_COLUMNS, NO_CODE, NO_DAY, Account, Accounts
from headcount.linkage.comparing import Compared, compare_all
from headcount.linkage.copies import COPY_SIMILARITY, are_copies, band_keys, similarity, sketch_text
from headcount.linkage.decisions import Decision, Verdict
from headcount.linkage.hashing import find_times, hash_words, pack_words
from headcount.linkage.judging import VERDICTS, JudgedPairs, PairJudgement, judge_pair, write_reasons
from headcount.linkage.levels import rulebook
from headcount.linkage.linking import Linked, link
from headcount.linkage.signing import sign_rules
from headcount.linkage.terms import Terms
from headcount.linkage.words import describe_account

__all__ = [
    "ACCOUNT_COLUMNS", "COPY_SIMILARITY", "NO_CODE", "NO_DAY", "VERDICTS", "Account", "Accounts", "Compared", "Decision",
    "JudgedPairs", "Linked", "PairJudgement", "Terms", "Verdict", "are_copies", "band_keys", "compare_all", "describe_account",
    "find_times", "hash_words", "judge_pair", "link", "pack_words", "rulebook", "sign_rules", "similarity", "sketch_text",
    "write_reasons",
]  # fmt: skip
