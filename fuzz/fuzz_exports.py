"""Texts of newspaper databases: articles come apart, and each word of an article is one of the export's."""

from importlib import import_module

from harness import check_found, fuzz, watched

with watched():
    from headcount.sources.databases import LAYOUTS, split_export

    for name, _ in LAYOUTS:
        import_module(name)


def one(data: bytes) -> None:
    """Any text; None is no export."""
    text = data.decode("utf-8", "replace")
    articles = split_export(text)
    known = "".join(text.split())  # a word may go on behind a hyphen at the end of a line
    for found in articles or ():
        check_found(found)
        body = found.fields.get("text")
        if isinstance(body, str):
            assert all(word in known for word in body.split()), [word for word in body.split() if word not in known]


if __name__ == "__main__":
    fuzz(one)
