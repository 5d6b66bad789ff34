import json

from components.gazetteer import Gazetteer, entries_of
from evaluation.corpus import ROOM, sentence
from evaluation.measures import Reading, measure, report

GAZETTEER = Gazetteer(
    entries_of(json.loads((ROOM / "evaluation" / "names.json").read_text("utf-8")))
)
SENTENCES = [
    sentence("ask_tide", "standard", "[Mai](date=2026-06-11) nước rút mấy giờ?"),
    sentence("ask_place_info", "typo", "[Rú Cócc](place_name=dao-lan-chau) có gì"),
    sentence("out_of_scope", "terse", "giá vàng"),
]


def _reading(intent, *spans):
    entities = [{"start": s, "end": e, "entity": name} for s, e, name in spans]
    return Reading.of({"intent": {"name": intent}, "entities": entities})


def test_a_perfect_model_has_no_failures():
    readings = [
        _reading("ask_tide", (0, 3, "date")),
        _reading("ask_place_info", (0, 7, "beach_zone")),
        _reading("nlu_fallback"),
    ]
    figures = measure(SENTENCES, readings, GAZETTEER)
    assert figures.overall["all"].value == 1
    assert figures.entities["linked entities"] == 1
    assert list(figures.failures()) == []


def test_each_floor_that_is_missed_is_named():
    readings = [_reading("out_of_scope"), _reading("ask_place_info"), _reading("ask_price")]
    figures = measure(SENTENCES, readings, GAZETTEER)
    missed = "\n".join(figures.failures())
    for name in ("all:", "in scope:", "refused rightly:", "linked entities:", "refused wrongly:"):
        assert name in missed
    assert ("ask_tide", "out_of_scope", 1) in figures.confusions


def test_the_tables_show_both_models_side_by_side():
    readings = [_reading(s.intent) for s in SENTENCES]
    figures = measure(SENTENCES, readings, GAZETTEER, frozenset({"giá vàng"}))
    assert figures.overall["unlike all training sentences"].tried == 2
    table = "\n".join(report({"one": figures, "other": figures}))
    assert table.splitlines()[0].split() == ["one", "other"]
    assert table.count("100.0%  (3 of 3)") == 4
