"""CSV and TSV: rows that are short, long, quoted or never closed give reports or reasons."""

from harness import fuzz, read_named, watched

with watched():
    from headcount.sources.tables.csvs import read_csv, read_tsv

HEAD = b"id,published,publisher,title,text\n"


def one(data: bytes) -> None:
    """As they are, and below a good head."""
    read_named(data, read_csv)
    read_named(HEAD + data, read_csv)
    read_named(HEAD.replace(b",", b"\t") + data, read_tsv)


if __name__ == "__main__":
    fuzz(one)
