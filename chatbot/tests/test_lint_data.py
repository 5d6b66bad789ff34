from pathlib import Path

import pytest

import lint_data
from lint_data import Allowed, Known, Line, problems, read

KNOWN = Known(frozenset({"ask_tide", "ask_weather"}), frozenset({"date", "beach_zone"}))


def line(marked: str, intent: str = "ask_tide", number: int = 1, style: str = "standard") -> Line:
    return Line("beach.yml", number, intent, style, marked)


def reasons(*lines: Line, allowed: str = "") -> list[str]:
    return [problem.reason for problem in problems(list(lines), KNOWN, Allowed(allowed))]


def test_different_sentences_pass():
    assert not reasons(
        line("Mấy giờ nước rút để tôi dẫn các cháu đi bắt còng?"),
        line("[mai](date) thuyền vào lạch lúc nào thì đủ nước", number=2),
        line("Chiều có mưa không?", "ask_weather", 3),
    )


@pytest.mark.parametrize(
    "copy",
    [
        "may gio nuoc rut o [cua hoi](beach_zone) vay ban",
        "Mấy giờ nước rút ở [Xuân Hương](beach_zone) vậy bạn?",
        "mấy giơ nươc rút ở [Cửa Hộii](beach_zone) vậy bạn",
    ],
)
def test_a_copy_without_marks_with_another_place_or_mistyped_is_refused(copy: str):
    (reason,) = reasons(
        line("Mấy giờ nước rút ở [Cửa Hội](beach_zone) vậy bạn?"), line(copy, number=2)
    )
    assert "a near-copy" in reason or "the same sentence" in reason
    assert "beach.yml:1" in reason


def test_short_sentences_are_copies_only_when_equal():
    assert not reasons(line("nước lên"), line("nước lên chưa", number=2))
    assert reasons(line("nước lên?"), line("nuoc len", number=2)) == [
        "the same sentence as beach.yml:1"
    ]


def test_the_same_sentence_under_two_intents_is_refused():
    assert reasons(line("hôm nay thế nào"), line("Hôm nay thế nào?", "ask_weather", 2)) == [
        "the same sentence of ask_tide as beach.yml:1"
    ]


def test_between_intents_another_entity_may_make_the_difference():
    assert not reasons(
        line("Cho tôi hỏi [mai](date) thế nào?"),
        line("Cho tôi hỏi [mười ba tháng bảy](date) thế nào?", "ask_weather", 2),
    )


def test_a_phrase_is_marked_everywhere_in_an_intent_or_nowhere():
    marked, unmarked = line("Nước lên [ngày mai](date) mấy giờ"), line("ngày mai đi câu được chứ")
    (reason,) = reasons(marked, unmarked)
    assert "'ngày mai' is a date" in reason
    assert not reasons(marked, unmarked._replace(intent="ask_weather"))
    assert not reasons(marked, unmarked, allowed="ask_tide | ngày mai | đi câu")


def test_without_marks_a_phrase_counts_only_among_its_like():
    marked = line("[mai](date) nuoc len may gio", style="nodiacritics")
    assert not reasons(marked, line("đợi mai nở rồi mới ra bãi"))
    assert reasons(marked, line("doi mai chua thay nuoc rut", style="nodiacritics"))


def test_an_exception_that_nothing_needs_is_named():
    assert reasons(line("nước lên"), allowed="# why\nask_tide | mai | *") == [
        "is not needed any more"
    ]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (line("nước lên", "ask_moon"), "unknown intent ask_moon"),
        (line("nước lên", style="poem"), "unknown style 'poem'"),
        (line("[Cửa Hội](town) nước lên"), "unknown entity town"),
        (line("[Cửa Hội ](beach_zone) nước lên"), "blank at the edge of the mark 'Cửa Hội '"),
        (line("[Cửa Hội] (beach_zone nước lên](date)"), "broken mark"),
        (line("nu\u031bo\u031b\u0301c lên"), "not NFC"),
        (line(""), "no sentence"),
    ],
)
def test_wrong_names_and_spellings_are_refused(wrong: Line, reason: str):
    assert reasons(wrong) == [reason]


def test_a_line_is_read_with_its_number_intent_and_style(tmp_path: Path):
    (tmp_path / "some.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: ask_tide\n  metadata:\n    style: terse\n'
        "  examples: |\n    - nước lên\n    - nước [mai](date)\n",
        "utf-8",
    )
    first, second = read(tmp_path)
    assert first == Line("some.yml", 7, "ask_tide", "terse", "nước lên")
    assert (second.number, second.text) == (8, "nước mai")


def test_intents_with_too_few_sentences_are_counted():
    assert lint_data.too_few([line("nước lên")], KNOWN) == {"ask_tide": 1, "ask_weather": 0}


def test_the_real_data_pass(capsys: pytest.CaptureFixture[str]):
    assert lint_data.main([]) == 0, capsys.readouterr().out
