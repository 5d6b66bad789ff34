"""A hundred ways to cry for help, a hundred questions that sound like one."""

from pathlib import Path

import pytest

from components.danger import danger_in
from components.text import fold

HERE = Path(__file__).parent
PHRASINGS = [
    line.split("\t") for line in (HERE / "danger_phrasings.tsv").read_text("utf-8").splitlines()
]
NEAR_MISSES = (HERE / "danger_near_misses.txt").read_text("utf-8").splitlines()
MARKED_ONLY = [
    "đang cháy nhà hàng xóm",
    "cháy rồi",
    "có người đang chới với ngoài kia",
    "vợ tôi vỡ ối rồi",
    "có người tự tử",
]


def test_there_are_a_hundred_of_each():
    assert len({phrase for _, phrase in PHRASINGS}) >= 100
    assert len(set(NEAR_MISSES)) >= 100


@pytest.mark.parametrize(("intent", "cry"), PHRASINGS)
def test_danger_is_heard_in_any_spelling(intent: str, cry: str):
    assert danger_in(cry) == intent
    assert danger_in(fold(cry)) == intent
    assert danger_in(cry.upper()) == intent


@pytest.mark.parametrize("cry", MARKED_ONLY)
def test_danger_is_heard_where_marks_tell_it_from_other_words(cry: str):
    assert danger_in(cry) == "report_emergency"


@pytest.mark.parametrize("question", NEAR_MISSES)
def test_near_misses_are_no_alarm(question: str):
    assert danger_in(question) is None
