"""What a question leaves out because it was said before, and several questions at once."""

import pytest

from tests.backend import EVENTS, OBSERVED, PRICES, Town, status
from tests.conftest import Conversation


def _yellow(town: Town) -> None:
    seen = status(flag="yellow", swimming="caution", stale=False, observed_at=OBSERVED)
    town.statuses = {"b-1": seen, "b-2": seen}


@pytest.mark.parametrize(
    "further", ["thế bãi Xuân Hương thì sao?", "con bai Xuan Huong", "ý tôi là bãi Xuân Hương"]
)
def test_another_beach_is_asked_about_in_the_same_matter(
    person: Conversation, town: Town, further: str
):
    _yellow(town)
    assert "Bãi Lan Châu: cờ vàng" in person.say("bãi Lan Châu hôm nay tắm được không")
    answer = person.say(further)
    assert "Bãi Xuân Hương: cờ vàng" in answer
    assert "Lan Châu" not in answer


@pytest.mark.parametrize("further", ["còn ngày mai?", "con mai thi sao", "mai thì sao"])
def test_another_day_is_asked_about_in_the_same_matter(
    person: Conversation, town: Town, further: str
):
    _yellow(town)
    person.say("hôm nay tắm biển được không")
    answer = person.say(further)
    assert "chưa ai biết trước" in answer
    assert "cờ vàng –" not in answer


@pytest.mark.parametrize(
    "further", ["số điện thoại chỗ nớ", "so dien thoai cho do", "chỗ đó số mấy để gọi điện thoại"]
)
def test_that_place_is_the_one_of_before(person: Conversation, further: str):
    person.say(payload='/ask_opening_hours{"place_name":"Đền Cao"}')
    assert "Đền Cao" in person.say(further)


def test_a_short_question_is_about_the_place_of_before(person: Conversation):
    person.say(payload='/ask_place_info{"place_name":"Đền Mẫu 1"}')
    assert "Đền Mẫu 1" in person.say("mấy giờ mở cửa")
    assert "Đền Mẫu 1" in person.say("ở đâu rứa")


def test_a_button_after_a_place_is_about_that_place(person: Conversation):
    person.say(payload='/ask_place_info{"place_name":"Đền Mẫu 1"}')
    assert "hằng ngày 07:00–18:00" in person.press("Giờ mở cửa")


def test_another_thing_is_asked_about_in_the_same_matter(person: Conversation, town: Town):
    town.prices = PRICES
    person.say("ghế nằm bao nhiêu tiền")
    answer = person.say("còn ghẹ thì sao")
    assert "ghẹ" in answer
    assert "60.000" not in answer


def test_a_whole_question_is_not_taken_for_one_that_goes_on(person: Conversation, town: Town):
    _yellow(town)
    person.say("hôm nay tắm biển được không")
    assert "thuỷ triều" in person.say("còn giờ thuỷ triều ngày mai thế nào")


def test_thanks_and_danger_never_go_on(person: Conversation, town: Town):
    _yellow(town)
    person.say("hôm nay tắm biển được không")
    assert "không có gì" in person.say("cảm ơn nhé")
    assert "GỌI NGAY" in person.say("thế có người đuối nước rồi")


def test_several_questions_are_all_answered(person: Conversation, town: Town):
    town.prices, town.events = PRICES, EVENTS
    answer = person.say("Mấy giờ thủy triều lên? Giá thuê ghế nằm bao nhiêu?")
    assert "thuỷ triều" in answer
    assert "60.000–100.000 đ" in answer


def test_questions_joined_by_words_are_all_answered(person: Conversation, town: Town):
    town.prices = PRICES
    answer = person.say("mai thời tiết thế nào và giá ghế nằm bao nhiêu")
    assert "thời tiết" in answer
    assert "60.000–100.000 đ" in answer


def test_of_close_places_one_is_chosen_by_a_button(person: Conversation):
    person.say("đền mở cửa mấy giờ")
    titles = [b["title"] for reply in person.last["replies"] for b in reply["buttons"]]
    assert {"Đền Mẫu 1", "Đền Cao"} <= set(titles)
    assert "hằng ngày 07:00–18:00" in person.press("Đền Mẫu 1")


def test_english_goes_on_in_english(person: Conversation, town: Town):
    _yellow(town)
    assert "Lan Châu: yellow flag" in person.say("Can I swim at Lan Chau beach today?")
    assert "Xuân Hương" in person.say("what about Xuan Huong beach?")


def test_the_beach_of_before_is_meant_where_one_goes_on(person: Conversation, town: Town):
    on_duty = status(lifeguards_on_duty=True, stale=False, observed_at=OBSERVED)
    town.statuses = {"b-1": on_duty, "b-2": on_duty}
    person.say("bãi Lan Châu hôm nay tắm được không")
    answer = person.say("rứa có cứu hộ trực ko")
    assert "Bãi Lan Châu: có cứu hộ" in answer
    assert "Xuân Hương" not in answer
