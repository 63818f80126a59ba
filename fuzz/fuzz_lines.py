"""JSON Lines: each line that is not blank gives a report or a reason, and never stops the next."""

from harness import check_items, fuzz, watched

with watched():
    import io

    from headcount.models import Problem, Report
    from headcount.sources.jsonl import reports_from_lines
    from headcount.sources.opening import Asked
    from headcount.sources.streams import ByteStream, Input

GOOD = b'\n{"text": "Some 300 people marched in Leeds.", "id": "the last"}\n'


def one(data: bytes) -> None:
    """The bytes, and a good line after them."""
    stream = ByteStream(Input(io.BytesIO(data)))
    wide = bool(stream.note) or stream.head[:64] not in data
    items = list(reports_from_lines(stream, record="-", asked=Asked(columns={"publisher": "source"})))
    check_items(items)
    for item in items:
        assert isinstance(item, Report | Problem)
    if not wide and b"\0" not in data:
        last = list(reports_from_lines(ByteStream(Input(io.BytesIO(data + GOOD))), record="-", asked=Asked()))[-1]
        assert isinstance(last, Report), last
        assert last.given_id == "the last"


if __name__ == "__main__":
    fuzz(one)
