"""Any bytes are some text, which UTF-8 can hold; what is UTF-8 is read as it is, without a word."""

import codecs

from harness import fuzz, watched

with watched():
    from headcount.sources.encoding import decode_text, mark_lies, why_not_text, wide_encoding


def one(data: bytes) -> None:
    """Decodes the bytes, and looks at what the encodings' tellers say."""
    why_not_text(data)
    wide = wide_encoding(data)
    if wide:
        mark_lies(data[wide[1] :], wide[0])
    text, note = decode_text(data)
    text.encode("utf-8")
    try:
        plain = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        assert note, "what is no UTF-8 was read without a word"
    else:
        assert text == plain
        assert note is None


if __name__ == "__main__":
    fuzz(one)
