"""Reads the PNG files that we make: their size, and how light each pixel is."""

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

    def luminance(self) -> list[list[int]]:
        """How light each pixel is, 0 to 255, of a picture of three or four bytes a pixel."""
        assert self.depth == 8 and self.colours in (2, 6)
        bytes_each = 3 if self.colours == 2 else 4
        step = self.width * bytes_each
        before, found = [0] * step, []
        for line in range(self.height):
            start = line * (step + 1)
            before = _unfiltered(self.pixels[start], self.pixels[start + 1 : start + 1 + step], before, bytes_each)
            light = zip(before[::bytes_each], before[1::bytes_each], before[2::bytes_each], strict=True)
            found.append([(299 * r + 587 * g + 114 * b) // 1000 for r, g, b in light])
        return found


def _unfiltered(way: int, stored: bytes, above: list[int], back: int) -> list[int]:
    """A line of pixels as it was before the filter that PNG put on it."""
    if way == 0:
        return list(stored)
    line = [0] * len(stored)
    for place, value in enumerate(stored):
        left = line[place - back] if place >= back else 0
        corner = above[place - back] if place >= back else 0
        up = above[place]
        near = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
        paeth = left if near[0] <= min(near[1:]) else up if near[1] <= near[2] else corner
        line[place] = (value + (0, left, up, (left + up) // 2, paeth)[way]) % 256
    return line


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
