"""RIS, BibTeX and CSL JSON: entries give reports or reasons."""

from harness import fuzz, read_document, watched

with watched():
    from headcount.sources.references.bibtex import read_bibtex
    from headcount.sources.references.csl import read_json
    from headcount.sources.references.ris import read_ris


def one(data: bytes) -> None:
    """As each of the three."""
    read_document(data, "ris", read_ris)
    read_document(data, "bibtex", read_bibtex)
    read_document(data, "json", read_json)


if __name__ == "__main__":
    fuzz(one)
