"""A town with events, as its feeds and pages tell of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from content.publishing import State
from tests.conftest import TOWN_TIME, TurnableClock
from tests.factories.content import ArticleFactory, EventFactory, PlaceFactory, keep

SATURDAYS = {"calendar": "gregorian", "rule": "FREQ=WEEKLY;BYDAY=SA;UNTIL=20260801"}
YEARLY = {"calendar": "lunar", "frequency": "yearly", "day": 12, "month": 2}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOWN_TIME)


@pytest.fixture
def town(session: Session) -> None:
    """A market by the week, a festival by the moon, a race that is cancelled."""
    square = PlaceFactory(
        slug="quang-truong", name={"vi": "Quảng trường", "en": "Square"}, lat=18.8, lng=105.7
    )
    keep(session, square)
    keep(
        session,
        EventFactory(
            slug="cho-dem",
            title={"vi": "Chợ đêm; rượu, cá", "en": "Night market"},
            summary={"vi": "Món ngon\nmỗi tối", "en": "Good food"},
            starts_on=None,
            starts_at=at("2026-07-04 18:00"),
            ends_at=at("2026-07-04 22:00"),
            recurrence=SATURDAYS,
            exceptions=[
                {"date": "2026-07-11", "status": "cancelled", "note": {"vi": "Vì bão"}},
                {
                    "date": "2026-07-18",
                    "status": "moved",
                    "starts_at": "2026-07-19T17:00:00+07:00",
                },
            ],
            place_id=square.id,
        ),
        EventFactory(
            slug="le-hoi",
            title={"vi": "Lễ hội"},
            starts_on=date(2026, 1, 1),
            recurrence=YEARLY,
            place_text={"vi": "Đền"},
        ),
        EventFactory(
            slug="giai-chay",
            title={"vi": "Giải chạy"},
            starts_on=date(2026, 7, 10),
            ends_on=date(2026, 7, 11),
            exceptions=[{"date": "2026-07-10", "status": "cancelled"}],
        ),
        EventFactory(slug="nhap", state=State.DRAFT),
        EventFactory(slug="nam-ngoai", starts_on=date(2025, 6, 20)),
    )


@pytest.fixture
def notices(session: Session, clock: TurnableClock) -> None:
    """Announcements of several days, a guide, and one that is not published."""
    keep(
        session,
        ArticleFactory(
            slug="bao-so-3",
            title={"vi": "Bão số 3 & gió <mạnh>", "en": "Storm 3"},
            summary={"vi": "Không ra biển", "en": "Stay ashore"},
            body={"vi": "**Cấm** tắm <script>alert(1)</script>", "en": "**No** swimming"},
            topics=["storm"],
            published_at=clock() - timedelta(hours=1),
        ),
        ArticleFactory(
            slug="ghim", pinned=True, title={"vi": "Ghim"}, published_at=clock() - timedelta(days=2)
        ),
        ArticleFactory(
            slug="tin", kind="news", title={"vi": "Tin"}, published_at=clock() - timedelta(days=1)
        ),
        ArticleFactory(slug="cam-nang", kind="guide", title={"vi": "Cẩm nang"}),
        ArticleFactory(slug="nhap", state=State.DRAFT),
    )
