"""Codes of reports: read out, typed from paper, misread."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from backend.feedback.codes import ALPHABET, new_code, normalised

SYMBOLS = st.text(ALPHABET, min_size=6, max_size=6)


def test_new_codes_differ_and_avoid_letters_that_look_like_others() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) > 990
    for code in codes:
        assert re.fullmatch(r"CL-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}", code)
        assert normalised(code) == code


@given(SYMBOLS, st.sampled_from(["", "CL", "cl-", " Cl "]), st.sampled_from(["", "-", " ", "–"]))
def test_every_spelling_of_a_code_means_the_same(symbols: str, prefix: str, gap: str) -> None:
    code = f"CL-{symbols[:4]}-{symbols[4:]}"
    misread = symbols.replace("0", "o").replace("1", "l").lower()
    for written in (symbols, misread):
        assert normalised(f"{prefix}{written[:4]}{gap}{written[4:]}") == code


@given(st.text())
def test_whatever_is_typed_means_a_code_or_nothing(typed: str) -> None:
    code = normalised(typed)
    assert code is None or normalised(code) == code
