"""The samples of this folder, as text and as the docx and RTF that hold the same paragraphs."""

from __future__ import annotations

import io
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> str:
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")


def paragraphs_of(text: str, *, wrapped: bool) -> list[str]:
    """What a word processor's file has as paragraphs: the lines, or, where they were wrapped, what stands between blank ones."""
    blocks = text.replace("\f", "\n").split("\n\n") if wrapped else text.replace("\f", "\n").split("\n")
    return [" ".join(block.split("\n")).strip(" ") for block in blocks if block.strip()]


def as_docx(paragraphs: list[str]) -> bytes:
    """A docx: paragraphs as such, those with tabs as rows of a table, as the databases lay out their fields."""
    import docx

    document = docx.Document()
    for paragraph in paragraphs:
        if "\t" in paragraph:
            cells = paragraph.split("\t")
            table = document.add_table(rows=1, cols=len(cells))
            for cell, words in zip(table.rows[0].cells, cells, strict=True):
                cell.text = words
        else:
            document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def as_rtf(paragraphs: list[str]) -> bytes:
    """An RTF in Windows-1252: what that lacks as \\u, fields with tabs as rows of a table."""
    lines = [r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}}{\colortbl;\red0\green0\blue255;}"]
    for paragraph in paragraphs:
        cells = [_escaped(cell) for cell in paragraph.split("\t")]
        if len(cells) > 1:
            lines.append(r"\trowd\cellx900\cellx9000\intbl " + "".join(rf"\b {cell}\b0\cell " for cell in cells) + r"\row")
        else:
            lines.append(rf"\pard {cells[0]}\par")
    return "\n".join([*lines, "}"]).encode("ascii")


def _escaped(text: str) -> str:
    pieces = []
    for character in text:
        if character in "\\{}":
            pieces.append("\\" + character)
        elif character.isascii():
            pieces.append(character)
        else:
            try:
                pieces.append(rf"\'{character.encode('cp1252').hex()}")
            except UnicodeEncodeError:
                pieces.append(rf"\u{ord(character)}?")
    return "".join(pieces)
