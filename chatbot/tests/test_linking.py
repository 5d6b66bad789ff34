import json
from datetime import date
from pathlib import Path

import pytest

from components.dates import Days
from components.entity_model import Span
from components.gazetteer import Gazetteer, entries_of
from components.linking import link
from components.nlu import tokenise
from components.text import fold

NAMES = Path(__file__).parent.parent / "evaluation" / "names.json"
GAZETTEER = Gazetteer(entries_of(json.loads(NAMES.read_text("utf-8"))))
WEDNESDAY = date(2026, 6, 10)

MEANT = [
    ("đảo Lan Châu", "place_name", "dao-lan-chau"),
    ("Rú Cóc", "place_name", "dao-lan-chau"),
    ("dao lan chaau", "place_name", "dao-lan-chau"),
    ("Lan Chau island", "place_name", "dao-lan-chau"),
    ("lan chau", "beach_zone", "lan-chau"),
    ("bãi Xuân Hươgn", "beach_zone", "xuan-huong"),
    ("biển Cửa Hội", "beach_zone", "cua-hoi"),
    ("quang truong binh mih", "place_name", "quang-truong-binh-minh"),
    ("chùa đảo Ngư", "place_name", "chua-dao-ngu"),
    ("Hòn Ngư", "place_name", "dao-ngu"),
    ("khu Nghi Hoà", "ward", "nghi-hoa"),
    ("nghi hươgn", "ward", "nghi-huong"),
    ("Vin", "origin", "vinh"),
    ("sg", "origin", "thanh-pho-ho-chi-minh"),
    ("airport", "origin", "san-bay-vinh"),
    ("ks", "place_type", "hotel"),
    ("nhà vệ sihn", "place_type", "toilet"),
    ("đèn đươngg", "category", "202"),
    ("chó thả rông", "category", "303"),
    ("giấy khai sinh cho con", "procedure", "khai-sinh"),
    ("building permit", "procedure", "xay-dung"),
    ("ghẹ", "item", "ghe"),
    ("ghế", "item", "ghe-nam"),
    ("deckchair", "item", "ghe-nam"),
]


@pytest.mark.parametrize(("phrase", "entity", "meant"), MEANT)
def test_what_people_say_is_linked_to_what_the_backend_has(phrase: str, entity: str, meant: str):
    entry = GAZETTEER.find(phrase, entity)
    assert entry is not None
    assert entry.id == meant


@pytest.mark.parametrize(
    ("phrase", "entity"),
    [("Đà Nẵng", "place_name"), ("Nghi Xuân", "ward"), ("vàng", "item"), ("?", "place_name")],
)
def test_what_the_backend_does_not_have_stays_unlinked(phrase: str, entity: str):
    assert GAZETTEER.find(phrase, entity) is None


def test_a_name_of_several_words_is_found_where_the_model_saw_none():
    text = "hoi duong ra den van loc voi"
    (linked,) = link(text, tokenise(text), [], "ask_directions", GAZETTEER, WEDNESDAY)
    assert (text[linked.span.start : linked.span.end], linked.span.entity) == (
        "den van loc",
        "place_name",
    )
    assert linked.entry is not None
    assert linked.entry.id == "den-van-loc"


def test_spans_of_the_model_stay_and_dates_become_days():
    text = "Sáng mai ra đảo Lan Châu được không?"
    for spelt in (text, fold(text)):
        spans = [Span(0, 8, "date"), Span(12, 24, "place_name")]
        day, place = link(spelt, tokenise(spelt), spans, "ask_boat_tour", GAZETTEER, WEDNESDAY)
        assert day.days == Days(date(2026, 6, 11), date(2026, 6, 11))
        assert place.entry is not None
        assert place.entry.id == "dao-lan-chau"


def test_names_of_prices_and_new_places_are_known_once_the_backend_has_them():
    names = {
        "places": [{"slug": "khach-san-mau-1", "name": "Khách sạn Mẫu 1"}],
        "items": [{"name": "Mô tô nước"}],
    }
    gazetteer = Gazetteer(entries_of(names))
    place, item = gazetteer.find("ks mẫu 1", "place_name"), gazetteer.find("mo to nuoc", "item")
    assert place is not None and place.id == "khach-san-mau-1"
    assert item is not None and item.name == "Mô tô nước"


def test_what_a_shop_sells_is_not_what_it_was_paid_for():
    text = "quán hải sản chặt chém tôi, một đĩa ghẹ 900 nghìn"
    (ghe,) = link(text, tokenise(text), [], "report_overcharging", GAZETTEER, WEDNESDAY)
    assert ghe.entry is not None
    assert ghe.entry.id == "ghe"
