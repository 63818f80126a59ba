"""Messages: parts in parts, any charset, any transfer encoding."""

from harness import fuzz, read_document, watched

with watched():
    from headcount.sources.documents.eml import read_mailbox, read_message


def one(data: bytes) -> None:
    """As one message, and as a mailbox."""
    read_document(data, "eml", read_message)
    read_document(b"From a@b Tue Aug  2 10:00:00 2016\n" + data, "mbox", read_mailbox)


if __name__ == "__main__":
    fuzz(one)
