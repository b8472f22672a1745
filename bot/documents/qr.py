"""A link as a QR image: what a colleague beside you scans from the screen of your phone."""

from __future__ import annotations

from io import BytesIO

QUIET = 4  # modules of white around, as the standard asks for
NARROWEST = 720  # pixels


def qr(link: str) -> bytes:
    """`link` as a black and white PNG, error correction M. The same link gives the same bytes.

    Raises `ValueError` where it is longer than a QR code holds (about 2,300 letters).
    """
    import segno

    code = segno.make(link, error="m", boost_error=False, micro=False)
    modules, _ = code.symbol_size(scale=1, border=QUIET)
    made = BytesIO()
    code.save(made, kind="png", scale=-(-NARROWEST // int(modules)), border=QUIET)
    return made.getvalue()
