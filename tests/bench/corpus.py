"""A town that does not exist: as many published items as a bench asks for, always the same ones.

Names combine real words, so that every name has many that nearly are it, and texts hold rare
syllables, so that nearly every misspelling is a word that some text holds. Every name says that
it is a sample ("Mẫu").
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice, product
from random import Random

from content.search import Entry, Searchable
from content.text import slugify

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NAMESPACE = uuid.UUID("6f0b9a3e-3f57-4f6e-9d0b-6b7f4c1f2a10")


def _split(text: str, separator: str = " ") -> list[str]:
    return text.split(separator)


KINDS = [
    ("Khách sạn", "Hotel"), ("Nhà nghỉ", "Guesthouse"), ("Homestay", "Homestay"),
    ("Nhà hàng", "Restaurant"), ("Quán ăn", "Eatery"), ("Quán cà phê", "Café"),
    ("Cửa hàng", "Shop"), ("Siêu thị", "Supermarket"), ("Nhà thuốc", "Pharmacy"),
    ("Bãi đỗ xe", "Car park"), ("Phòng khám", "Clinic"), ("Trường mầm non", "Kindergarten"),
    ("Câu lạc bộ", "Club"), ("Bến thuyền", "Boat landing"), ("Tiệm bánh", "Bakery"),
    ("Hiệu sách", "Bookshop"), ("Công viên", "Park"), ("Nhà văn hoá", "Community house"),
]  # fmt: skip

WORKS = [
    ("tạm ngừng cấp điện", "power cut"), ("tạm ngừng cấp nước", "water supply interrupted"),
    ("phun thuốc diệt muỗi", "spraying against mosquitoes"),
    ("đổi lịch thu gom rác", "rubbish collected on other days"),
    ("tiêm phòng cho chó mèo", "vaccination of dogs and cats"),
    ("sửa chữa mặt đường", "road repairs"), ("phân luồng giao thông", "traffic diverted"),
    ("tuyển sinh vào lớp một", "enrolment in the first grade"),
    ("khám sức khoẻ người cao tuổi", "health checks for the elderly"),
    ("lấy ý kiến quy hoạch", "consultation on the plan"),
    ("giải bóng chuyền bãi biển", "beach volleyball tournament"),
    ("hội thi nấu ăn", "cooking contest"),
    ("cấp căn cước lưu động", "mobile issue of identity cards"),
    ("dọn vệ sinh bờ biển", "cleaning up the shore"),
]  # fmt: skip

FIRST = _split(
    "Hoa Sóng Biển Nắng Gió Mây Trăng Sao Cát Sen Cúc Mai Trúc Tùng Lan Hồng Ngọc Kim Bạch Thanh "
    "Phú An Bình Thái Vĩnh Tân Đông Tây Nam Bắc Minh Quang Đại Thiên Hải Sơn Thuỷ Hoàng Bảo Việt"
)
SECOND = _split(
    "Xanh Vàng Hồng Trắng Tím Khê Thu Xuân Long Phụng Phượng Giang Hà Ngân Châu Thịnh Phát Lộc "
    "Phúc Thọ Tài Lợi Vượng Cường Dũng Thắng Nhân Nghĩa Lễ Trí Tín Hưng Thành Đạt Khang Yên Linh "
    "Hương Nguyệt Dương"
)
QUARTERS = _split("Nghi Thủy|Nghi Tân|Thu Thủy|Nghi Hòa|Nghi Hải|Nghi Hương|Nghi Thu", "|")
TALK = _split(
    "phục vụ khách từ sáng đến tối|có chỗ để xe|gần bờ biển|giá niêm yết|có phòng riêng|"
    "nhận đặt trước qua điện thoại|thanh toán bằng thẻ|thích hợp cho gia đình có trẻ nhỏ|"
    "có lối đi cho xe lăn|mở cửa cả ngày lễ|có wifi miễn phí|yên tĩnh vào buổi trưa|nhìn ra đảo|"
    "cách chợ vài phút đi bộ|đề nghị bà con chú ý theo dõi|bắt đầu từ bảy giờ sáng|"
    "mọi ý kiến xin gửi về bộ phận một cửa|lực lượng chức năng hướng dẫn tại chỗ|"
    "thực hiện theo kế hoạch của phường|mong bà con thông cảm",
    "|",
)
ONSETS = _split("b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")
RIMES = _split(
    "a ac ach ai am an ang anh ao ap at au ay e em en eo et i ia ich iem ien iet ieu im in inh it "
    "o oa oan oc oi om on ong op ot u ua uc ui um un ung uoc uoi uon uong ut uy uyen uyet y"
)
SYLLABLES = [onset + rime for onset, rime in product(ONSETS, RIMES)]


def town(items: int, *, seed: int = 2026) -> Iterator[Entry]:
    """*items* published items, each in Vietnamese and English: two entries an item.

    A larger town holds the smaller one and more.
    """
    chance = Random(seed)  # noqa: S311 - nobody has to guess it
    for number, names in enumerate(islice(_names(chance), items)):
        yield from _entries(number, *names, chance)


def _names(chance: Random) -> Iterator[tuple[str, str, str]]:
    """Type, Vietnamese and English name; numbered once all combinations are used up."""
    sorts = [("place", *kind) for kind in KINDS] + [("article", *work) for work in WORKS]
    combined = list(product(sorts, FIRST, SECOND))
    chance.shuffle(combined)
    round_ = 1
    while True:
        again = f" {round_}" if round_ > 1 else ""
        for (sort, vi, en), first, second in combined:
            own = f"{first} {second}{again}"
            if sort == "place":
                yield sort, f"{vi} Mẫu {own}", f"Sample {en} {own}"
            else:
                yield sort, f"Thông báo Mẫu: {vi} ở khối {own}", f"Sample notice: {en}, block {own}"
        round_ += 1


def _entries(number: int, sort: str, vi: str, en: str, chance: Random) -> Iterator[Entry]:
    item_id = uuid.uuid5(NAMESPACE, str(number))
    quarter = chance.choice(QUARTERS)
    sentences = chance.sample(TALK, 4 if sort == "place" else 10)
    # Few syllables are in many texts and many in few, as in any language.
    rare = [SYLLABLES[int(len(SYLLABLES) * chance.random() ** 3)] for _ in range(12)]
    body = f"Dữ liệu minh hoạ ở khu vực {quarter}. {'. '.join(sentences)}. {' '.join(rare)}."
    english = f"Sample data in the quarter {quarter}. {' '.join(reversed(rare))}."
    for language, title, text in (("vi", vi, body), ("en", en, english)):
        yield Entry(
            type=sort,
            item_id=item_id,
            slug=slugify(vi),
            language=language,
            texts=Searchable(title, text),
            visible_from=LONG_AGO,
            visible_until=None,
            updated_at=LONG_AGO,
        )
