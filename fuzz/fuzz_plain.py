"""A text with a head of fields, or what looks like one: the body is a part of what was given."""

from harness import check_items, fuzz, watched

with watched():
    import io

    from headcount.sources.opening import Asked
    from headcount.sources.plain import reports_from_text, split_front_matter
    from headcount.sources.streams import ByteStream, Input


def one(data: bytes) -> None:
    """As a stream in any encoding, and its head by itself."""
    check_items(reports_from_text(ByteStream(Input(io.BytesIO(data))), record="-", asked=Asked()))
    text = data.decode("utf-8", "replace")
    fields, body = split_front_matter(text)
    assert text.endswith(body)
    assert fields or body == text


if __name__ == "__main__":
    fuzz(one)
