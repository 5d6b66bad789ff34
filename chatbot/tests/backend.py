"""A small town: an HTTP server that answers as the backend's API does, as a test tells it to."""

import json
import re
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional
from urllib.parse import parse_qs, urlsplit

from components.text import fold

Json = dict[str, Any]
TOWN_TIME = timezone(timedelta(hours=7))
OBSERVED = datetime(2026, 11, 23, 14, 5, tzinfo=TOWN_TIME).isoformat()

BEACHES = [
    {"id": "b-1", "slug": "bai-xuan-huong", "name": "Bãi Xuân Hương", "aliases": ["Xuân Hương"]},
    {"id": "b-2", "slug": "bai-lan-chau", "name": "Bãi Lan Châu", "aliases": ["Lan Châu"]},
]
PLACES = [
    {
        "id": "p-1", "slug": "den-mau", "name": "Đền Mẫu 1", "category": "temple", "is_sample": True,
        "summary": "Ngôi đền minh hoạ", "description": "Ngôi đền minh hoạ dài hơn", "address": "",
        "location": {"lat": 18.8, "lng": 105.7}, "opening_hours": "Mo-Su 07:00-18:00",
        "open_now": True, "updated_at": OBSERVED, "url": "/places/den-mau",
    },
    {
        "id": "p-2", "slug": "den-cao", "name": "Đền Cao", "category": "temple", "is_sample": False,
        "summary": "Đền trên đồi", "description": "", "address": "", "location": None,
        "opening_hours": None, "open_now": None, "updated_at": OBSERVED, "url": None,
    },
]  # fmt: skip
VOCABULARIES = {
    "categories": [
        {
            "code": "100", "name": "Môi trường",
            "children": [{"code": "101", "name": "Rác thải", "keywords": ["rác", "rubbish"]}],
        },
        {
            "code": "200", "name": "Hạ tầng",
            "children": [
                {"code": "202", "name": "Đèn đường", "keywords": ["đèn", "street light"]},
                {"code": "201", "name": "Mặt đường", "keywords": ["ổ gà", "pothole"]},
            ],
        },
        {
            "code": "400", "name": "Du lịch",
            "children": [
                {
                    "code": "401", "name": "Thu giá quá cao", "keywords": ["chặt chém", "giá cao"],
                    "attributes": [
                        {"code": "shop", "name": "Tên cơ sở", "datatype": "string", "required": True}
                    ],
                }
            ],
        },
    ],
    "place_categories": [
        {
            "code": "sight", "name": "Điểm tham quan",
            "children": [{"code": "temple", "name": "Đền", "keywords": ["đền"]}],
        }
    ],
    "topics": [{"code": "storm", "name": "Bão"}, {"code": "utilities", "name": "Điện, nước"}],
}  # fmt: skip
PRICES = [
    {
        "id": "g-1",
        "item": "Ghế, ô trên bãi biển",
        "unit": "bộ",
        "price_vnd": 60000,
        "price_max_vnd": 100000,
        "place": None,
        "valid_from": "2026-05-01",
        "source": "Bảng giá Mẫu",
        "is_sample": True,
        "updated_at": OBSERVED,
    },
    {
        "id": "g-2",
        "item": "Vé tham quan",
        "unit": "lượt",
        "price_vnd": 15000,
        "price_max_vnd": None,
        "place": {"id": "p-2", "slug": "den-cao", "name": "Đền Cao"},
        "valid_from": "2026-05-01",
        "source": "Bảng giá Mẫu",
        "is_sample": False,
        "updated_at": OBSERVED,
    },
]
EVENTS = [
    {
        "id": "e-1",
        "title": "Đêm nhạc Mẫu",
        "place": {"slug": "den-cao", "name": "Đền Cao"},
        "date": "2026-12-05",
        "starts_at": "2026-12-05T19:30:00+07:00",
        "all_day": False,
        "status": "scheduled",
        "note": "",
        "is_sample": True,
        "updated_at": OBSERVED,
        "url": "/events/dem-nhac-mau",
    },
    {
        "id": "e-2",
        "title": "Hội bơi Mẫu",
        "place": None,
        "place_text": "Bãi Mẫu",
        "date": "2026-12-06",
        "starts_at": None,
        "all_day": True,
        "status": "cancelled",
        "note": "",
        "is_sample": True,
        "updated_at": OBSERVED,
        "url": "/events/hoi-boi-mau",
    },
]
WEATHER = {
    "observed_at": OBSERVED,
    "text": "Nắng nhẹ",
    "temperature_c": 24.5,
    "wind_kmh": 12,
    "wave_height_m": 0.6,
    "source": "Open-Meteo",
    "days": [],
}
ARTICLES = [
    {
        "id": "a-1", "slug": "le-hoi", "kind": "announcement", "title": "Thông báo minh hoạ",
        "summary": "Nội dung minh hoạ", "published_at": OBSERVED, "updated_at": OBSERVED,
        "topics": [], "url": "/articles/le-hoi",
    }
]  # fmt: skip
FAQ = {
    "id": "f-1",
    "slug": "tha-dieu",
    "kind": "faq",
    "title": "Có được thả diều trên bãi biển không?",
    "summary": "Được, ở khu phía nam.",
    "body_html": "<p>Được, ở khu phía nam sau 16 giờ.</p>",
    "published_at": OBSERVED,
    "updated_at": OBSERVED,
    "topics": [],
    "url": "/articles/tha-dieu",
}
PROCEDURE = {
    "id": "t-1",
    "slug": "khai-sinh",
    "kind": "procedure",
    "title": "Đăng ký khai sinh",
    "summary": "",
    "body_html": "",
    "published_at": OBSERVED,
    "updated_at": OBSERVED,
    "topics": [],
    "url": "/articles/khai-sinh",
    "procedure": {
        "documents": "<ul><li>Giấy chứng sinh</li></ul>",
        "steps": "",
        "fee": "<p>Miễn phí</p>",
        "duration": "<p>Trong ngày</p>",
        "office": "",
    },
}
GUIDE = {
    "id": "h-1",
    "slug": "cach-den",
    "kind": "guide",
    "title": "Cách đến Cửa Lò",
    "summary": "Cách Vinh 16 km.",
    "body_html": "<p>Cách Vinh 16 km, đi 15 phút.</p>",
    "published_at": OBSERVED,
    "updated_at": OBSERVED,
    "topics": ["tourism"],
    "url": "/articles/cach-den",
}
OFFICE = {
    "id": "c-9",
    "kind": "office",
    "name": "Công an phường Mẫu",
    "phone": "0238 000 0000",
    "address": "Đường Mẫu",
    "updated_at": OBSERVED,
}
CONTACTS = [
    {"id": "c-1", "kind": "emergency", "name": "Tìm kiếm cứu nạn", "phone": "112"},
    {"id": "c-2", "kind": "emergency", "name": "Cấp cứu", "phone": "115"},
]


def status(**changes: Any) -> Json:
    """The status of a beach about which nothing is known, with `changes`."""
    return {
        "flag": None, "swimming": "unknown", "stale": True, "confirmed": False,
        "observed_at": None, "valid_until": None, "lifeguards_on_duty": None, "ban": None,
        "warnings": [], "water_quality": None, "tide": [], "sun": None, "weather": None, "note": None,
        **changes,
    }  # fmt: skip


def _named(places: list[Json], asked: str) -> list[Json]:
    words = set(fold(asked).split())
    close = [p for p in places if words and words <= set(fold(p["name"]).split())]
    return close or [p for p in places if "den" in words]


class Town:
    """The town's backend; `statuses` by beach and `down` may be changed while it runs."""

    def __init__(self) -> None:
        self.reset()
        town = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                address = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(address.query).items()}
                self._answer(*town.get(address.path.removeprefix("/api/v1"), query))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path.startswith("/api/v1/chat/photos/"):
                    town.photos.append(self.path.split("/")[5])
                    self._answer(200, {})
                    return
                self._answer(*town.post(body, self.headers["Idempotency-Key"]))

            def _answer(self, code: int, body: Json) -> None:
                data = json.dumps(body, ensure_ascii=False).encode()
                town.said.append(data.decode())
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def reset(self) -> None:
        """Back to a town that answers and about which little is known."""
        self.down = False
        self.reports: dict[str, Json] = {}
        self.statuses: dict[str, Json] = {}
        self.filed: Optional[Json] = None
        self.articles: list[Json] = [*ARTICLES]
        self.contacts: list[Json] = [*CONTACTS]
        self.prices: list[Json] = []
        self.events: list[Json] = []
        self.photos: list[str] = []
        self.said: list[str] = []

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def get(self, path: str, query: Json) -> tuple[int, Json]:
        """Answer a read."""
        if self.down:
            return 503, {"title": "down"}
        if match := re.fullmatch(r"/beaches/([^/]+)/status", path):
            return 200, self.statuses.get(match[1], status())
        if match := re.fullmatch(r"/places/(?!suggest)(.+)", path):
            found = [place for place in PLACES if place["slug"] == match[1]]
            return (200, found[0]) if found else (404, {"title": "unknown"})
        if match := re.fullmatch(r"/reports/(.+)", path):
            report = self.filed if self.filed and self.filed["code"] == match[1] else None
            return (200, report) if report else (404, {"title": "unknown"})
        if match := re.fullmatch(r"/articles/(.+)", path):
            found = [a for a in self.articles if a["id"] == match[1]]
            return (200, found[0]) if found else (404, {"title": "unknown"})
        if path == "/reports/place":
            return 200, {"outcome": "unknown", "message": "", "candidates": []}
        lists: dict[str, list[Json]] = {
            "/beaches": BEACHES,
            "/places": PLACES if query.get("category") in ("sight", "temple") else [],
            "/places/suggest": _named(PLACES, query.get("q", "")),
            "/articles": self._articles(query),
            "/contacts": [c for c in self.contacts if query.get("kind") in (None, c["kind"])],
            "/search": self._found(query.get("q", "")),
            "/prices": self._prices(query),
            "/events": [
                e for e in self.events if query.get("from", "") <= e["date"] <= query.get("to", "")
            ],
            "/reports/category-suggestion": [],
        }
        if path == "/vocabularies":
            return 200, VOCABULARIES
        return (200, {"items": lists[path], "next_cursor": None}) if path in lists else (404, {})

    def _articles(self, query: Json) -> list[Json]:
        return [
            a
            for a in self.articles
            if query.get("kind") in (None, a["kind"])
            and ("topic" not in query or query["topic"] in a["topics"])
        ]

    def _found(self, asked: str) -> list[Json]:
        words = set(fold(asked).split())
        return [
            {"type": "article", "highlight": "", **a}
            for a in self.articles
            if words & set(fold(f"{a['title']} {a['summary']}").split())
        ]

    def _prices(self, query: Json) -> list[Json]:
        words = set(fold(query.get("item", "")).split())
        return [
            p
            for p in self.prices
            if (not words or words & set(re.findall(r"\w+", fold(p["item"]))))
            and query.get("place") in (None, (p["place"] or {}).get("slug"))
        ]

    def post(self, body: Json, key: str) -> tuple[int, Json]:
        """File a report, once for each key."""
        if self.down:
            return 503, {"title": "down"}
        known = key in self.reports
        self.reports.setdefault(key, body)
        self.filed = {
            "id": "r-1", "code": "CL-7K3Q-F2", "access_token": "t", "status": "received",
            "status_label": "Đã tiếp nhận", "category": {"code": body["category"], "name": "Đèn đường"},
            "created_at": OBSERVED, "updated_at": OBSERVED, "expected_at": OBSERVED, "history": [],
        }  # fmt: skip
        return (200 if known else 201), self.filed
