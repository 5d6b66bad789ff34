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
}  # fmt: skip
ARTICLES = [
    {
        "id": "a-1", "slug": "le-hoi", "kind": "announcement", "title": "Thông báo minh hoạ",
        "summary": "Nội dung minh hoạ", "published_at": OBSERVED, "updated_at": OBSERVED,
        "topics": [], "url": "/articles/le-hoi",
    }
]  # fmt: skip
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
                self._answer(*town.post(body, self.headers["Idempotency-Key"]))

            def _answer(self, code: int, body: Json) -> None:
                data = json.dumps(body, ensure_ascii=False).encode()
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
            return 200, next(place for place in PLACES if place["slug"] == match[1])
        if match := re.fullmatch(r"/reports/(.+)", path):
            report = self.filed if self.filed and self.filed["code"] == match[1] else None
            return (200, report) if report else (404, {"title": "unknown"})
        announced = query.get("kind") == "announcement" and "topic" not in query
        lists: dict[str, list[Json]] = {
            "/beaches": BEACHES,
            "/places": PLACES if query.get("category") in ("sight", "temple") else [],
            "/places/suggest": PLACES if "den" in fold(query.get("q", "")) else [],
            "/articles": ARTICLES if announced else [],
            "/contacts": CONTACTS,
            "/search": [],
        }
        if path == "/vocabularies":
            return 200, VOCABULARIES
        return (200, {"items": lists[path], "next_cursor": None}) if path in lists else (404, {})

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
