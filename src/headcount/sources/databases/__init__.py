"""Exports of newspaper databases: one file with many articles, each of which becomes a report of its own.

A layout is recognised by its content, never by a file's name, and the same way whether it came as text, docx or RTF: those two
are turned into lines first. One module a vendor; its words stand as data at its top.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol

from headcount.sources.opening import Found

LAYOUTS: Final = (
    ("headcount.sources.databases.lexisnexis", (("DOCUMENT",), ("Dokument ", "LÄNGE:"), ("Document ", "LONGUEUR:"))),
    (
        "headcount.sources.databases.nexis",
        (
            ("nd of Document",),
            ("nde des Dokuments",),
            ("in du document",),
            ("inde van document",),
            ("Load-Date:", "Body"),
            ("Job Number:", "Client/Matter:"),
        ),
    ),
    ("headcount.sources.databases.proquest", (("ProQuest document ID",), ("Full text:", "Publication title:"))),
    (
        "headcount.sources.databases.factiva",
        (("Document ", " words"), ("Document ", "HD"), ("Dokument ", "HD"), ("Dokument ", "rter")),
    ),
)
"""By layout the words without which a text is none of it: all of one group must stand somewhere. A look at them takes ten
milliseconds a megabyte; the module itself is loaded, and looks at lines, only after that."""


class _Layout(Protocol):
    def split(self, text: str) -> list[Found] | None: ...


def split_export(text: str) -> list[Found] | None:
    """The articles of a database's export, in its order, or None where the text is no export.

    An article that cannot be read is a fatal Found with the reason; the others come out all the same. At most one more than
    ``DOCUMENT_REPORTS`` come out: the caller says that there were too many.
    """
    for name, groups in LAYOUTS:
        if any(all(word in text for word in group) for group in groups):
            layout: _Layout = import_module(name)
            found = layout.split(text)
            if found is not None:
                return found
    return None
