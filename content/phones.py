"""Telephone numbers: written as people write them, kept in one form."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

REGION = "VN"
"""Where a number without a country's code belongs."""

SHORT = re.compile(r"[1-9][0-9]{2,5}")

INLAND_ONLY = (
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
)


def normalise(text: str, *, short: bool = False) -> str:
    """*text* as a number that a phone dials: `+842383824123`, or `19001234`, which has no +84.

    With *short* also emergency and service numbers such as 115 and 1022. Raises ValueError for
    what is no number that somebody could have.
    """
    digits = re.sub(r"[\s.()-]", "", text)
    if short and SHORT.fullmatch(digits):
        return digits
    try:
        number = phonenumbers.parse(text, REGION)
    except NumberParseException:
        raise ValueError(text) from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError(text)
    if phonenumbers.region_code_for_number(number) == REGION and (
        phonenumbers.number_type(number) in INLAND_ONLY
    ):
        return phonenumbers.national_significant_number(number)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def written(number: str) -> str:
    """A normalised *number* as people here read it, in groups; as it is where that fails."""
    try:
        parsed = phonenumbers.parse(number, REGION)
    except NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed):
        return number
    inland = phonenumbers.region_code_for_number(parsed) == REGION
    form = PhoneNumberFormat.NATIONAL if inland else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)
