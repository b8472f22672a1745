"""A sample package, with the receipt and the chain that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.documents.package import package
from bot.signing import Signing
from flows.country import metadata
from flows.country.receipt import Receipt, make
from tests.flows.country.endorsing import AT, FILES, Chain, chain

SEED = "c2FtcGxlIGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGU="
SIGNING = Signing(SEED)


def receipt_of(grown: Chain, *, signed: bool = True) -> Receipt:
    return make(grown.entries, len(grown.entries), SIGNING if signed else None)


def metadata_of(receipt: Receipt) -> metadata.Metadata:
    return metadata.metadata(
        receipt,
        published_at=AT + timedelta(days=31),
        country_names={"fr": "Burkina Faso", "en": "Burkina Faso"},
        titles={"fr": "Guide national (exemple)", "en": "National guide (sample)"},
        authority="Conseil de la migration (exemple)",
        function="Secrétaire permanent",
        attribution={"fr": "Guide national (exemple), version 3", "en": "National guide (sample), version 3"},
        links={"Processus de Rabat": "https://example.org/guides"},
    )


def packed(files: Mapping[str, bytes] = FILES, *, signed: bool = True) -> bytes:
    receipt = receipt_of(chain(files=files), signed=signed)
    return package(receipt, files, metadata_of(receipt))
