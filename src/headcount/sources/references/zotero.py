"""Zotero RDF: the export of Zotero that keeps notes and attached files with their entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from headcount.models import Document
from headcount.sources.opening import Asked, Found
from headcount.sources.references.entries import Reference, fields_of, found_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
RESOURCE: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
NO_ENTRIES: Final = frozenset({"Attachment", "Memo", "Collection", "Journal"})


def read_zotero(document: Document, asked: Asked) -> Iterator[Found]:  # noqa: ARG001
    """The reports of the entries: their abstracts or notes, where their attached files are not read instead."""
    from defusedxml.common import DefusedXmlException

    try:
        yield from found_of(references_of(document.data), document)
    except DefusedXmlException:
        yield Found(doubts=("it declares entities, as XML bombs do: it was not opened",), fatal=True)
    except (ParseError, ValueError, LookupError) as error:
        yield Found(doubts=(f"no XML ({str(error)[:100]}): it is broken or cut off; export it again",), fatal=True)


def references_of(data: bytes) -> Iterator[Reference]:
    """The entries of an export."""
    from defusedxml.ElementTree import fromstring

    root: Element = fromstring(data)
    about = {str(element.get(ABOUT)): element for element in root if element.get(ABOUT)}
    number = 0
    for entry in root:
        if _tag(entry) in NO_ENTRIES or _child(entry, "itemType") is None:
            continue
        number += 1
        yield _entry(entry, f"entry {number}", about)


def _entry(entry: Element, name: str, about: dict[str, Element]) -> Reference:
    address = entry.get(ABOUT, "")
    fields, doubts = fields_of(
        title=_text(entry, "title"),
        publisher=_publisher(entry, about),
        url=_text(entry, "identifier") or (address if address.startswith("http") else ""),
        date=_text(entry, "date"),
    )
    linked = [about[key] for child in entry if (key := str(child.get(RESOURCE))) in about]
    files = [
        str(inner.get(RESOURCE))
        for attachment in linked
        if _tag(attachment) == "Attachment"
        for inner in attachment
        if _tag(inner) == "resource" and inner.get(RESOURCE)
    ]
    notes = [_text(memo, "value") for memo in linked if _tag(memo) == "Memo"]
    return Reference(
        name=name,
        fields=fields,
        abstract=_text(entry, "abstract"),
        notes=tuple(note for note in notes if note),
        files=tuple(files),
        doubts=doubts,
    )


def _publisher(entry: Element, about: dict[str, Element]) -> str:
    """The paper or site that the entry is part of."""
    for child in entry:
        if _tag(child) == "isPartOf":
            inner = about.get(str(child.get(RESOURCE)), child)
            for element in inner.iter():
                if _tag(element) == "title" and element.text:
                    return element.text
    publisher = _child(entry, "publisher")
    names = (
        [element.text for element in publisher.iter() if _tag(element) == "name" and element.text] if publisher is not None else []
    )
    return names[0] if names else ""


def _text(entry: Element, name: str) -> str:
    child = _child(entry, name)
    return "".join(child.itertext()).strip() if child is not None else ""


def _child(entry: Element, name: str) -> Element | None:
    return next((child for child in entry if _tag(child) == name), None)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
