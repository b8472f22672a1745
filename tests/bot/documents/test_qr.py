"""A QR image is read back as the link it was made of, from a phone's screen."""

from __future__ import annotations

import pytest
import zxingcpp

from bot.documents.qr import NARROWEST, QUIET, qr
from tests.bot.documents import png

LINKS = (
    "https://t.me/example_bot?start=Ab3-_xYz0123456789",
    "https://t.me/b?start=" + "x" * 64,
    "https://invitations.example/rejoindre?code=" + "0123456789abcdef" * 12,
    "https://exemple.example/é?q=مرحبا",
)


@pytest.mark.parametrize("link", LINKS)
def test_the_picture_says_the_link(link: str) -> None:
    (read,) = zxingcpp.read_barcodes(png.read(qr(link)).grey())
    assert read.text == link
    assert read.ec_level == "M"


@pytest.mark.parametrize("link", LINKS)
def test_it_is_square_large_and_has_white_around_it(link: str) -> None:
    picture = png.read(qr(link))
    assert picture.width == picture.height >= NARROWEST
    grey = picture.grey()
    module = next(x for x in range(picture.width) if grey[x, x] == 0) // QUIET
    assert module >= 4
    assert all(grey[y, x] == 255 for y in range(QUIET * module) for x in range(picture.width))


def test_the_same_link_gives_the_same_bytes() -> None:
    assert qr(LINKS[0]) == qr(LINKS[0]) != qr(LINKS[1])


def test_a_link_that_no_code_can_hold_is_refused() -> None:
    with pytest.raises(ValueError):
        qr("https://exemple.example/" + "é" * 3_000)
