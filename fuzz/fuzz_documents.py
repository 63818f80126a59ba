"""PDF, docx, RTF and EPUB, which libraries open: what they raise is told, and they take no time to raise it."""

from harness import fuzz, read_stream, watched

with watched():
    from headcount.sources.documents import docx, epub, pdf, rtf  # noqa: F401  # watched


def one(data: bytes) -> None:
    """By content."""
    read_stream(data)


if __name__ == "__main__":
    fuzz(one)
