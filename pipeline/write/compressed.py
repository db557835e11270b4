"""JSON Lines, compressed with Zstandard while they are written."""

from collections.abc import Iterable
from typing import BinaryIO

from pipeline.record import Record
from pipeline.write.jsonl import to_json_line

_LEVEL = 10


def write_json_lines_zst(records: Iterable[Record], stream: BinaryIO) -> None:
    """Write the records, one a line; the bytes depend on them and the version of the library alone."""
    import zstandard

    with zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).stream_writer(stream, closefd=False) as packed:
        for record in records:
            packed.write(to_json_line(record).encode())
