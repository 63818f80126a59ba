"""Lists of references with attached text: RIS, BibTeX, Zotero."""
