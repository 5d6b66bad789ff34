"""Which questions are only whole together with the one before."""

from typing import Any, Optional

import pytest

from actions.context import asked_of, follow_up, points_back

SWIM = {"intent": "ask_swim_safety"}
PRICE = {"intent": "ask_price"}
PLACE = {"intent": "ask_opening_hours", "place": {"slug": "den-cao", "name": "Đền Cao"}}


def _e(entity: str, value: str, **more: str) -> dict[str, Any]:
    return {"entity": entity, "value": value, **more}


@pytest.mark.parametrize(
    ("text", "intent", "sure", "entities", "before", "wanted"),
    [
        ("còn ngày mai?", "ask_weather", 0.5, [_e("date", "ngày mai")], SWIM, "ask_swim_safety"),
        (
            "bãi Cửa Hội",
            "ask_directions",
            0.9,
            [_e("beach_zone", "Cửa Hội")],
            SWIM,
            "ask_swim_safety",
        ),
        ("còn ghẹ?", "ask_specialties", 0.9, [], PRICE, "ask_price"),
        ("số điện thoại chỗ nớ", "ask_contact", 0.9, [], PLACE, "ask_contact"),
        ("ở mô rứa", "ask_medical", 0.3, [], PLACE, "ask_directions"),
        ("còn thời tiết ngày mai thế nào", "ask_weather", 0.97, [_e("date", "mai")], SWIM, None),
        ("cảm ơn nhé", "thank", 0.99, [], SWIM, None),
        ("có người đuối nước", "report_emergency", 1.0, [], SWIM, None),
        ("còn ngày mai?", "ask_weather", 0.5, [_e("date", "mai")], {}, None),
    ],
)
def test_what_goes_on_and_what_does_not(
    text: str,
    intent: str,
    sure: float,
    entities: list[dict[str, Any]],
    before: dict[str, Any],
    wanted: Optional[str],
):
    assert follow_up(text, intent, sure, entities, before) == wanted


def test_there_is_the_place_of_before():
    assert points_back("chỗ nớ mở cửa chưa")
    assert points_back("how do I get there")
    assert not points_back("chợ Nghi Thủy ở đâu")


def test_what_is_plainly_asked_of_a_named_place_or_day():
    place = [_e("place_name", "Đảo Lan Châu", link="dao-lan-chau")]
    assert asked_of("Rú Cóc ở đâu", 0.4, place) == "ask_directions"
    assert asked_of("Rú Cóc ở đâu", 0.9, place) is None
    assert asked_of("mồng 5 có gì", 0.4, [_e("date", "mồng 5")]) == "ask_events"
