import pytest

from components.danger import danger_in
from components.text import fold

EMERGENCY = [
    "có người đuối nước",
    "Cứu với, có người sắp chết đuối ở bãi Xuân Hương",
    "con tôi bị sóng cuốn ra xa rồi",
    "cứu tôi với",
    "nhà bên cạnh bốc cháy rồi",
    "chồng tôi bị đột quỵ",
    "bé nhà em bị sứa cắn khó thở",
    "có người bất tỉnh trên bãi",
    "chảy máu nhiều quá",
    "thuyền bị lật ngoài cửa biển",
]
LOST = [
    "con tôi bị lạc ở bãi biển",
    "bé nhà em đi lạc rồi",
    "lạc mất con trai 5 tuổi",
    "không thấy con tôi đâu",
    "tìm trẻ lạc",
]
MARKED_ONLY = ["đang cháy nhà hàng xóm", "cháy rồi"]
ENGLISH = {
    "someone is drowning": "report_emergency",
    "My wife is unconscious": "report_emergency",
    "there's a man bleeding on the beach": "report_emergency",
    "help! the hotel is on fire": "report_emergency",
    "I lost my son at the beach": "report_lost_person",
    "we can't find our daughter": "report_lost_person",
}
NEAR_MISSES = [
    "đi xuống cuối bãi có gì",
    "dưới nước có gì đẹp không",
    "lướt ván dưới nước có vui không",
    "mua củ lạc ở đâu",
    "đậu phộng rang với lạc rang bán chỗ nào",
    "con lạc đà ở bãi biển có cho cưỡi không",
    "liên lạc với phường thế nào",
    "em liên lạc ai để thuê phòng",
    "câu lạc bộ lướt sóng ở đâu",
    "xe điện đang chạy đến mấy giờ",
    "quán chay ở đâu",
    "phòng cháy chữa cháy số mấy",
    "nghỉ mát ở đảo Mắt",
    "cơn mưa đến khi nào",
    "hôm nay tắm biển được không",
    "hải sản bị chém giá cao quá",
    "mất điện từ sáng",
    "gặp người đuối nước thì gọi số nào",
    "how to avoid drowning",
    "can you help me find a hotel",
]


@pytest.mark.parametrize("cry", EMERGENCY)
def test_danger_is_heard_with_and_without_marks(cry: str):
    assert danger_in(cry) == "report_emergency"
    assert danger_in(fold(cry)) == "report_emergency"
    assert danger_in(cry.upper()) == "report_emergency"


@pytest.mark.parametrize("cry", LOST)
def test_a_lost_person_is_heard_with_and_without_marks(cry: str):
    assert danger_in(cry) == "report_lost_person"
    assert danger_in(fold(cry)) == "report_lost_person"


@pytest.mark.parametrize("cry", MARKED_ONLY)
def test_fire_is_heard_where_marks_tell_it_from_running(cry: str):
    assert danger_in(cry) == "report_emergency"


@pytest.mark.parametrize(("cry", "intent"), ENGLISH.items())
def test_danger_is_heard_in_english(cry: str, intent: str):
    assert danger_in(cry) == intent


@pytest.mark.parametrize("question", NEAR_MISSES)
def test_near_misses_are_no_alarm(question: str):
    assert danger_in(question) is None
