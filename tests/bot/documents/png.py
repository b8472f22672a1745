"""Reads the PNG files that we make: their size, and their pixels where they are in black and white."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    depth: int
    colours: int
    pixels: bytes  # as stored, each line with its filter

    def grey(self) -> memoryview:
        """One byte a pixel, line by line, of a picture of one bit a pixel."""
        assert (self.depth, self.colours) == (1, 0)
        step = (self.width + 7) // 8
        before = bytes(step)
        found = bytearray()
        for line in range(self.height):
            start = line * (step + 1)
            way, stored = self.pixels[start], self.pixels[start + 1 : start + 1 + step]
            assert way in (0, 2)
            before = stored if way == 0 else bytes((a + b) % 256 for a, b in zip(stored, before, strict=True))
            found += bytes(255 * (before[x // 8] >> (7 - x % 8) & 1) for x in range(self.width))
        return memoryview(bytes(found)).cast("B", (self.height, self.width))


def read(made: bytes) -> Picture:
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    place, packed, head = 8, b"", (0, 0, 0, 0)
    while place < len(made):
        length, kind = struct.unpack(">I4s", made[place : place + 8])
        data = made[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            head = struct.unpack(">IIBB", data[:10])
        elif kind == b"IDAT":
            packed += data
        place += 12 + length
    return Picture(*head, zlib.decompress(packed))
