"""The code of a report, such as CL-7K3Q-F2: read out on the phone and typed from paper."""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: without I, L, O and U
PREFIX = "CL"
LENGTH = 6
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A random code; there are 32⁶, about 1.07 billion."""
    return _written("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def normalised(typed: str) -> str | None:
    """The code that *typed* means, however it is spaced, cased or misread; None for none."""
    symbols = re.sub(r"[\s.–—_-]", "", typed).upper()
    if len(symbols) == len(PREFIX) + LENGTH:
        symbols = symbols.removeprefix(PREFIX)
    symbols = symbols.translate(_READ_AS)
    if len(symbols) != LENGTH or set(symbols) - set(ALPHABET):
        return None
    return _written(symbols)


def _written(symbols: str) -> str:
    return f"{PREFIX}-{symbols[:4]}-{symbols[4:]}"
