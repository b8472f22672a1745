"""Receipts are signed with an Ed25519 key from the settings; anybody can check it with the public key alone."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

from flows.country.receipt import Key, exact_base64, fingerprint

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from bot.settings import Settings


class Signing:
    """A private key that signs. It never shows itself."""

    def __init__(self, seed: str) -> None:
        """`seed`: the base64 of 32 bytes. Raises `ValueError`, without the value, where it is none."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        raw = exact_base64(seed, 32)
        if not raw:
            raise ValueError("not the base64 of 32 bytes")
        self._private: Ed25519PrivateKey = Ed25519PrivateKey.from_private_bytes(raw)

    @property
    def key(self) -> Key:
        """The public key."""
        public = base64.b64encode(self._private.public_key().public_bytes_raw()).decode()
        return Key(public, fingerprint(public))

    def sign(self, message: bytes) -> str:
        """The base64 of the signature of `message`."""
        return base64.b64encode(self._private.sign(message)).decode()


def new_seed() -> str:
    """A new private key, as `GRIOT_SIGNING_KEY` takes it."""
    return base64.b64encode(os.urandom(32)).decode()


def signing(settings: Settings) -> Signing | None:
    """What receipts are signed with; None where no key is set."""
    seed = settings.signing_key.get_secret_value() if settings.signing_key else ""
    return Signing(seed) if seed else None


def verify(public: str, message: bytes, signature: str) -> bool:
    """Whether `signature` is of `message`, by the private key that belongs to `public`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key, signed = exact_base64(public, 32), exact_base64(signature, 64)
    if not key or not signed:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signed, message)
    except (InvalidSignature, ValueError):
        return False
    return True
