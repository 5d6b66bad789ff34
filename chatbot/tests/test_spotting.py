import pytest

from components.nlu import tokenise
from components.spotting import day_spans
from components.text import untangle

NAMED = {
    "Sáng mai nước rút lúc mấy giờ": ["Sáng mai"],
    "mai co mua khong": ["mai"],
    "t7 này với cn có tàu không": ["t7 này", "cn"],
    "túi ni ra bể": ["túi ni"],
    "từ thứ Sáu đến 2/9 thì sao": ["thứ Sáu", "2/9"],
    "rằm tháng bảy, mồng 5 với cuối tuần ni": ["rằm tháng bảy", "mồng 5", "cuối tuần ni"],
    "is it open this weekend or on Sunday": ["this weekend", "on Sunday"],
}
NOTHING = [
    "đền Mai Bảng ở đâu",
    "cấm túi ni lông trên bãi",
    "thằng bé hai tuổi",
    "may I ask",
    "quán nào mở muộn",
]


@pytest.mark.parametrize(("text", "days"), NAMED.items())
def test_days_are_spotted(text: str, days: list[str]):
    assert [text[s.start : s.end] for s in day_spans(tokenise(text), "ask_events")] == days


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_day_is_left_alone(text: str):
    assert day_spans(tokenise(text), "ask_events") == []


def test_refused_questions_have_no_days():
    assert day_spans(tokenise("mai giá vàng thế nào"), "out_of_scope") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nhâtj", "nhật"), ("đườngg", "đường"), ("chiềuf", "chiều"), ("nứoc", "nước"),
        ("khôgn", "không"), ("nghiã", "nghĩa"), ("đựơc", "được"), ("đỏo", "đỏ"),
    ],
)  # fmt: skip
def test_slips_of_typing_are_undone(typed: str, meant: str):
    assert untangle(typed) == meant


@pytest.mark.parametrize("word", ["hotel", "resort", "app", "quý", "khuya", "nguyễn", "rứa", "nỏ"])
def test_words_that_are_right_stay(word: str):
    assert untangle(word) == word
