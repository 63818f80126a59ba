"""Word vectors from unlabelled news: words that stand in like company get like weights.

Positive pointwise mutual information of words within four words of each other, reduced by a
truncated singular value decomposition (Levy and Goldberg 2014). Used in training only: the learned
weights of a vector are folded back into one weight a word (``train.fit``).

    python training/vectors.py OUT.npz
"""

from __future__ import annotations

import collections
import gzip
import json
import sys
from pathlib import Path

import numpy as np
from coded import SHARED
from scipy.sparse import coo_matrix
from sklearn.utils.extmath import randomized_svd

from headcount.text import tokenize

WINDOW, LEAST, SIZE = 4, 12, 64


def main() -> None:
    """Read the unlabelled pools, write the words and their vectors."""
    texts = []
    for name in ("stream", "protest_unlabelled"):
        with gzip.open(SHARED / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            texts += [tokenize(json.loads(line)["text"]).lower for line in lines]
    counts = collections.Counter(w for t in texts for w in t)
    vocabulary = {w: i for i, w in enumerate(w for w, n in counts.most_common() if n >= LEAST and not w[0].isdigit())}
    rows, cols = [], []
    for t in texts:
        ids = np.array([vocabulary.get(w, -1) for w in t])
        for d in range(1, WINDOW + 1):
            a, b = ids[:-d], ids[d:]
            keep = (a >= 0) & (b >= 0)
            rows.append(a[keep])
            cols.append(b[keep])
    r, c = np.concatenate(rows), np.concatenate(cols)
    n = len(vocabulary)
    m = coo_matrix((np.ones(len(r)), (r, c)), shape=(n, n)).tocsr()
    m = m + m.T
    total = m.sum()
    marginal = np.asarray(m.sum(axis=1)).ravel()
    context = marginal**0.75
    context *= total / context.sum()
    m = m.tocoo()
    pmi = np.log(m.data * total / (marginal[m.row] * context[m.col]))
    keep = pmi > 0
    ppmi = coo_matrix((pmi[keep], (m.row[keep], m.col[keep])), shape=(n, n)).tocsr()
    u, s, _ = randomized_svd(ppmi, SIZE, random_state=0)
    vectors = u * np.sqrt(s)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    np.savez_compressed(Path(sys.argv[1]), words=np.array(list(vocabulary)), vectors=vectors.astype(np.float32))
    print(n, "words", file=sys.stderr)


if __name__ == "__main__":
    main()
