"""The form of a report: places by any means, photos, corrections, digressions, restarts."""

import pytest

from tests.backend import OFFICE, Town
from tests.conftest import Bot, Conversation

LAMP = "đèn đường trước nhà tôi hỏng mấy hôm nay rồi"
PHOTO = "5f0c2a0e-9d2f-4c73-8f5e-0d9f4d1f6a01"


def _to_photos(person: Conversation, place: str = "đường Bình Minh") -> str:
    person.say(LAMP)
    person.press("Đúng")
    return person.say(place)


def _to_summary(person: Conversation) -> str:
    _to_photos(person)
    person.press("Không có ảnh")
    return person.press("Không, gửi ẩn danh")


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/maps/place/X/@18.80,105.72,17z/data=!3m1!4b1!3d18.81234!4d105.71234",
        "https://www.openstreetmap.org/?mlat=18.81234&mlon=105.71234#map=16/18.8/105.7",
        "https://maps.google.com/?q=18.81234,105.71234",
        "18.81234, 105.71234",
    ],
)
def test_a_link_of_a_map_is_a_place(person: Conversation, town: Town, link: str):
    assert "có ảnh" in _to_photos(person, link)
    person.press("Không có ảnh")
    person.press("Không, gửi ẩn danh")
    person.press("Gửi")
    (report,) = town.reports.values()
    assert report["location"] == {"lat": 18.81234, "lng": 105.71234}


def test_photos_go_with_the_report_that_was_filed(person: Conversation, town: Town):
    _to_photos(person)
    assert "đã nhận 1 ảnh" in person.say(payload='/inform{"choice":"photo"}', photo_id=PHOTO)
    person.press("Xong")
    assert "Ảnh: 1" in person.press("Không, gửi ẩn danh")
    person.press("Gửi")
    assert town.photos == [PHOTO]


def test_a_photo_sent_before_the_report_is_kept_for_it(person: Conversation, town: Town):
    person.say(payload='/inform{"choice":"photo"}', photo_id=PHOTO)
    person.press("Gửi phản ánh")
    person.say("đèn đường hỏng trước cửa nhà số 5")
    person.press("Đúng")
    _answer_all(person)
    person.press("Gửi")
    assert town.photos == [PHOTO]


def _answer_all(person: Conversation) -> None:
    """Answer whatever is asked until the summary is shown."""
    for _ in range(8):
        said = "".join(reply["text"] for reply in person.last["replies"])
        if "Gửi phản ánh này chứ" in said:
            return
        if "mô tả" in said:
            person.say("đèn đường không sáng từ hôm qua, tối om cả đoạn")
        elif "ở đâu" in said:
            person.say("đường Bình Minh")
        elif "có ảnh" in said or "Xong" in said:
            person.say(payload="/deny")
        elif "số điện thoại" in said:
            person.press("Không, gửi ẩn danh")
    raise AssertionError(said)


@pytest.mark.parametrize(
    ("button", "question"),
    [
        ("Sửa nội dung", "mô tả"),
        ("Sửa nơi", "ở đâu"),
        ("Sửa điện thoại", "số điện thoại"),
        ("Sửa ảnh", "có ảnh"),
        ("Sửa loại", "phản ánh về việc gì"),
    ],
)
def test_any_field_is_corrected_before_sending(person: Conversation, button: str, question: str):
    assert "Gửi phản ánh này chứ" in _to_summary(person)
    assert question in person.press(button)


def test_a_field_is_corrected_in_words(person: Conversation, town: Town):
    _to_summary(person)
    assert "ở đâu" in person.say("sửa lại địa điểm giúp mình")
    assert "chợ Mẫu" in person.say("trước cổng chợ Mẫu")
    person.press("Gửi")
    (report,) = town.reports.values()
    assert report["place_text"] == "trước cổng chợ Mẫu"


def test_a_place_that_comes_late_is_taken_and_the_form_goes_on(person: Conversation, town: Town):
    _to_photos(person)
    assert "có ảnh" in person.say("https://maps.google.com/?q=18.81234,105.71234")
    person.press("Không có ảnh")
    person.press("Không, gửi ẩn danh")
    person.press("Gửi")
    (report,) = town.reports.values()
    assert report["location"] == {"lat": 18.81234, "lng": 105.71234}
    assert report["place_text"] == "đường Bình Minh"


def test_questions_in_between_are_answered_and_the_form_goes_on(person: Conversation, town: Town):
    town.contacts.append(OFFICE)
    person.say(LAMP)
    person.press("Đúng")
    answer = person.say("thuỷ triều hôm nay mấy giờ lên?")
    assert "thuỷ triều" in answer
    assert "Sự việc ở đâu" in answer
    answer = person.say("số điện thoại công an phường là gì?")
    assert "0238 000 0000" in answer
    assert "có ảnh" in person.say("đường Bình Minh")


def test_the_backend_fails_in_mid_form_and_nothing_is_lost(person: Conversation, town: Town):
    person.say(LAMP)
    person.press("Đúng")
    town.down = True
    assert person.say("đường Bình Minh")
    town.down = False
    _answer_all(person)
    assert "CL-7K3Q-F2" in person.press("Gửi")
    assert len(town.reports) == 1


def test_a_killed_chatbot_goes_on_with_the_form(person: Conversation, town: Town, bot: Bot):
    _to_photos(person)
    bot.kill()
    bot.start()
    assert "để lại số điện thoại" in person.press("Không có ảnh")
    person.press("Không, gửi ẩn danh")
    assert "CL-7K3Q-F2" in person.press("Gửi")
    assert len(town.reports) == 1
