import pytest

from tests.backend import OBSERVED, Town, status
from tests.conftest import Bot, Conversation

SWIM = ["hôm nay tắm biển được không", "hom nay tam bien duoc khong"]


def _all_beaches(town: Town, **changes: object) -> None:
    town.statuses = {"b-1": status(**changes), "b-2": status(**changes)}


def _seen(flag: str, swimming: str, **changes: object) -> dict[str, object]:
    return {"flag": flag, "swimming": swimming, "stale": False, "observed_at": OBSERVED, **changes}


@pytest.mark.parametrize("question", SWIM)
def test_a_yellow_flag_is_told_with_its_time(person: Conversation, town: Town, question: str):
    _all_beaches(town, **_seen("yellow", "caution"))
    answer = person.say(question)
    assert "cờ vàng" in answer
    assert "lúc 14:05 ngày 23/11/2026" in answer
    assert person.last["intent"]["name"] == "ask_swim_safety"
    assert {"type": "beach", "id": "b-1"}.items() <= person.last["sources"][0].items()


@pytest.mark.parametrize("question", SWIM)
def test_a_red_flag_advises_against_and_comes_first(
    person: Conversation, town: Town, question: str
):
    town.statuses = {
        "b-1": status(**_seen("red_over_yellow", "supervised", lifeguards_on_duty=True)),
        "b-2": status(**_seen("red", "dangerous")),
    }
    answer = person.say(question)
    assert answer.index("Bãi Lan Châu: cờ đỏ") < answer.index("Bãi Xuân Hương: cờ đỏ trên vàng")
    assert "không nên xuống nước" in answer


@pytest.mark.parametrize("question", SWIM)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "flag": "red_over_yellow",
            "swimming": "supervised",
            "stale": True,
            "observed_at": OBSERVED,
        },
        {"flag": "yellow", "swimming": "unknown", "stale": True, "observed_at": OBSERVED},
    ],
)
def test_what_is_stale_or_unknown_is_never_calm(
    person: Conversation, town: Town, question: str, changes: dict[str, object]
):
    _all_beaches(town, **changes)
    answer = person.say(question)
    assert "Chưa có thông tin mới" in answer
    assert "an toàn" not in answer
    assert "có cứu hộ trực" not in answer


@pytest.mark.parametrize("question", SWIM)
def test_without_the_backend_nothing_is_promised(person: Conversation, town: Town, question: str):
    town.down = True
    answer = person.say(question)
    assert "không thể nói là tắm được" in answer
    assert all(number in answer for number in ("112", "114", "115"))


def test_a_ban_is_told_with_its_reason(person: Conversation, town: Town):
    _all_beaches(town, swimming="closed", stale=True, ban={"reason": "storm", "text": "Bão số 9."})
    answer = person.say("hôm nay tắm biển được không")
    assert "CẤM" in answer
    assert "Bão số 9." in answer


def test_one_beach_is_asked_about_by_name(person: Conversation, town: Town):
    _all_beaches(town, **_seen("yellow", "caution"))
    answer = person.say("bai lan chau hom nay tam duoc khong")
    assert "Bãi Lan Châu" in answer
    assert "Xuân Hương" not in answer


def test_english_is_answered_in_english(person: Conversation, town: Town):
    _all_beaches(town, **_seen("yellow", "caution"))
    assert "yellow flag – medium hazard" in person.say("Can I swim today?", lang="vi")


def test_the_language_that_was_chosen_stays(person: Conversation):
    assert "English" in person.say("nói tiếng Anh với tôi nhé")
    assert "Hello" in person.say("xin chào")


def test_danger_is_answered_at_once_even_without_the_backend(person: Conversation, town: Town):
    town.down = True
    for cry in ("có người đuối nước", "co nguoi duoi nuoc"):
        answer = person.say(cry)
        assert "GỌI NGAY" in answer
        assert "112" in answer
        assert "115" in answer
        assert person.last["intent"]["name"] == "report_emergency"


def test_emergency_numbers_come_from_the_contacts(person: Conversation):
    answer = person.say("số điện thoại cấp cứu là số mấy")
    assert "115: Cấp cứu" in answer


def test_sights_are_listed_and_one_of_several_is_chosen(person: Conversation):
    answer = person.say("ở đây có điểm tham quan nào đẹp không")
    assert "Đền Mẫu 1" in answer
    assert "dữ liệu minh hoạ" in answer
    assert "Ngôi đền minh hoạ dài hơn" in person.press("Đền Mẫu 1")
    assert "23/11/2026" in person.say("đền Mẫu 1 có gì đặc biệt")


def test_unknown_hours_are_said_to_be_unknown(person: Conversation):
    answer = person.say(payload='/ask_opening_hours{"place_name":"Đền Cao"}')
    assert "chưa có thông tin về giờ mở cửa của Đền Cao" in answer


def test_announcements_are_read_with_date_and_link(person: Conversation):
    answer = person.say("phường có thông báo gì mới không")
    assert "Thông báo minh hoạ (ngày 23/11/2026)" in answer
    links = [link for reply in person.last["replies"] for link in reply["links"]]
    assert links == [{"title": "Thông báo minh hoạ", "url": "https://town.test/articles/le-hoi"}]


@pytest.mark.parametrize(
    "question", ["giá thuê ghế nằm bao nhiêu", "vé cáp treo bao nhiêu tiền", "gửi xe ở đâu"]
)
def test_what_the_town_does_not_know_is_not_made_up(person: Conversation, question: str):
    answer = person.say(question)
    assert "chưa có" in answer
    assert not any(letter.isdigit() for letter in answer)


def test_small_talk_and_what_is_out_of_scope(person: Conversation):
    assert "chào bạn" in person.say("xin chào")
    assert "máy trả lời tự động" in person.say("bạn là người hay máy")
    assert "ngoài những gì mình biết" in person.say("giá vàng hôm nay bao nhiêu một chỉ")


def test_a_report_goes_from_the_first_word_to_its_code(person: Conversation, town: Town):
    assert "Đèn đường" in person.say("đèn đường trước nhà tôi hỏng mấy hôm nay rồi")
    assert "Sự việc ở đâu" in person.press("Đúng")
    assert "có ảnh" in person.say("số 5 đường Bình Minh")
    assert "để lại số điện thoại" in person.press("Không có ảnh")
    assert "Bạn có đồng ý" in person.say("0912 345 678")
    summary = person.press("Đồng ý")
    assert "đèn đường trước nhà tôi hỏng" in summary
    assert "số 5 đường Bình Minh" in summary
    assert "CL-7K3Q-F2" in person.press("Gửi")
    (report,) = town.reports.values()
    assert report["category"] == "202"
    assert report["contact"] == {"phone": "0912345678"}
    assert report["consent"]["version"] == "2026-01"
    assert report["anonymous"] is False


def test_a_report_without_a_phone_is_anonymous_and_unmarked_words_do(
    person: Conversation, town: Town
):
    person.say("toi muon phan anh rac thai do bua bai ngoai bai bien")
    person.press("Đúng")
    person.say("gan cho Nghi Thuy", location={"lat": 18.8, "lng": 105.7})
    person.press("Không có ảnh")
    person.press("Không, gửi ẩn danh")
    assert "CL-7K3Q-F2" in person.press("Gửi")
    (report,) = town.reports.values()
    assert report["anonymous"] is True
    assert "contact" not in report
    assert report["location"] == {"lat": 18.8, "lng": 105.7}


def test_overcharging_asks_what_its_category_wants_to_know(person: Conversation, town: Town):
    person.say("quán hải sản chặt chém tôi quá đáng, muốn tố cáo")
    assert "Tên cơ sở" in person.press("Đúng")
    person.say("Quán Mẫu 3")
    person.say("đường Bình Minh")
    person.press("Không có ảnh")
    person.press("Không, gửi ẩn danh")
    assert "Quán Mẫu 3" in "".join(reply["text"] for reply in person.last["replies"])
    person.press("Gửi")
    (report,) = town.reports.values()
    assert report["attributes"] == {"shop": "Quán Mẫu 3"}


def test_a_question_in_between_is_answered_and_the_form_goes_on(person: Conversation, town: Town):
    person.say("đèn đường trước nhà tôi hỏng mấy hôm nay rồi")
    person.press("Đúng")
    answer = person.say("số điện thoại cấp cứu là số mấy?")
    assert "115: Cấp cứu" in answer
    assert "Sự việc ở đâu" in answer
    assert "GỌI NGAY" in person.say("có người đuối nước")
    assert "có ảnh" in person.say("đường Bình Minh")


def test_a_report_can_be_given_up(person: Conversation, town: Town):
    person.say("đèn đường trước nhà tôi hỏng mấy hôm nay rồi")
    assert "mình đã dừng" in person.say("thôi không gửi nữa, huỷ đi")
    assert "chào bạn" in person.say("xin chào")
    assert not town.reports


def test_sending_again_after_a_failure_files_one_report(person: Conversation, town: Town):
    person.say("đèn đường trước nhà tôi hỏng mấy hôm nay rồi")
    person.press("Đúng")
    person.say("đường Bình Minh")
    person.press("Không có ảnh")
    person.press("Không, gửi ẩn danh")
    send = dict(person.last)
    town.down = True
    assert "chưa nhận được phản ánh" in person.press("Gửi")
    town.down = False
    person.last = send
    assert "CL-7K3Q-F2" in person.press("Gửi")
    assert len(town.reports) == 1


def test_the_status_of_a_report_is_found_by_its_code(person: Conversation, town: Town):
    town.post({"category": "202"}, "key")
    assert "Đã tiếp nhận" in person.say("cl 7k3q f2")
    assert "Đã tiếp nhận" in person.say("phản ánh CL-7K3Q-F2 của tôi đến đâu rồi")
    assert "không tìm thấy" in person.say("CL-1111-11")


def test_the_code_is_asked_for_once_and_then_remembered(person: Conversation, town: Town):
    town.post({"category": "202"}, "key")
    assert "mã phản ánh" in person.say("phản ánh của tôi xử lý đến đâu rồi")
    person.say("CL-7K3Q-F2")
    assert "Đã tiếp nhận" in person.say("phản ánh của tôi xử lý đến đâu rồi")


@pytest.mark.parametrize("text", ['/inform{"choice":"401"}', " //restart", "/session_start"])
def test_text_cannot_name_an_intent(person: Conversation, town: Town, text: str):
    person.say("đèn đường trước nhà tôi hỏng mấy hôm nay rồi")
    person.say(text)
    assert person.last["intent"]["confidence"] < 1
    assert person.say(payload="/affirm").startswith(("Sự việc ở đâu", "Where is it"))


@pytest.mark.parametrize(
    "message",
    [
        {"text": "chào", "payload": "/greet"},
        {},
        {"text": "/ /"},
        {"text": 5},
        {"payload": "/no_such_intent"},
        {"payload": "greet"},
        {"payload": "/inform{broken}"},
        {"text": "x" * 2001},
    ],
)
def test_unusable_messages_are_refused_by_name(person: Conversation, message: dict[str, object]):
    answer = person.send(**message)
    assert answer.status_code == 400
    assert answer.json()["error"].split(":")[0].split(" ")[0] in ("text", "payload")


def test_only_the_gateway_may_talk(bot: Bot):
    import httpx

    answer = httpx.post(
        f"{bot.url}/webhooks/town/webhook", json={"conversation_id": "x", "text": "chào"}
    )
    assert answer.status_code == 403


def test_a_form_survives_a_restart_and_logs_hold_no_words_of_people(
    person: Conversation, town: Town, bot: Bot
):
    person.say("đèn đường trước nhà tôi hỏng mấy hôm nay rồi")
    person.press("Đúng")
    bot.stop()
    bot.start()
    assert "có ảnh" in person.say("đường Bình Minh số 77")
    log = bot.log.read_text()
    assert "số 77" not in log
    assert "trước nhà tôi" not in log
