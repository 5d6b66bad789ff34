"""An app that works without a connection ends up with what the public sees."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from backend import create_app
from backend.settings import Settings
from content import publishing
from content.articles.models import Article
from content.errors import DomainError
from content.prices.models import Price
from content.publishing import Edit
from tests.conftest import EMPTY, TOWN_TIME, TurnableClock
from tests.factories.content import LONG_AGO, ArticleFactory, PlaceFactory, keep

Items = dict[tuple[str, str], dict[str, Any]]


class Phone:
    """An app with a store of its own."""

    def __init__(self, client: FlaskClient, limit: int = 1000) -> None:
        self.client = client
        self.limit = limit
        self.items: Items = {}
        self.cursor: str | None = None

    def sync(self) -> None:
        """Ask until the answer is complete."""
        complete = False
        while not complete:
            query: dict[str, Any] = {"limit": self.limit}
            if self.cursor:
                query["since"] = self.cursor
            answer = self.client.get("/api/v1/sync", query_string=query).json
            for kind, items in answer["changed"].items():
                self.items |= {(kind, item["id"]): item for item in items}
            for gone in answer["removed"]:
                self.items.pop((gone["type"], gone["id"]), None)
            self.cursor, complete = answer["cursor"], answer["complete"]


def test_a_new_client_gets_everything_and_then_only_what_changed(
    client: FlaskClient, session: Session
) -> None:
    place, article = PlaceFactory(slug="cho"), ArticleFactory(slug="tin")
    keep(session, place, article, ArticleFactory(slug="nhap", state="draft"))
    phone = Phone(client)
    phone.sync()
    assert {item["slug"] for item in phone.items.values()} == {"cho", "tin"}
    again = client.get(f"/api/v1/sync?since={phone.cursor}").json
    assert (again["changed"], again["removed"], again["complete"]) == ({}, [], True)
    publishing.unpublish(session, article, Edit("x", article.published_at))
    session.commit()
    later = client.get(f"/api/v1/sync?since={phone.cursor}").json
    assert later["removed"] == [{"type": "articles", "id": str(article.id)}]
    assert later["changed"].get("places") is None


def test_what_the_clock_alone_changed_is_told(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    now = clock()
    keep(
        session,
        ArticleFactory(slug="sap-het", expires_at=now + timedelta(hours=1)),
        ArticleFactory(slug="sap-den", published_at=now + timedelta(hours=1)),
    )
    phone = Phone(client)
    phone.sync()
    assert {item["slug"] for item in phone.items.values()} == {"sap-het"}
    clock.advance(hours=1)
    phone.sync()
    assert {item["slug"] for item in phone.items.values()} == {"sap-den"}


def test_what_was_deleted_is_told(client: FlaskClient, session: Session) -> None:
    place = PlaceFactory(slug="cho")
    keep(session, place)
    phone = Phone(client)
    phone.sync()
    session.delete(place)
    session.commit()
    phone.sync()
    assert phone.items == {}


def test_what_is_told_of_many_places_is_what_each_page_tells(
    client: FlaskClient, session: Session
) -> None:
    places = [PlaceFactory(slug=f"cho-{n}", quarter="nghi-thuy") for n in range(3)]
    keep(session, *places)
    for number, place in enumerate([*places, places[0]]):
        price = Price(item={"vi": "Ghế"}, price_vnd=number, place_id=place.id, source="Mẫu")
        price.slug, price.state, price.published_at = f"ghe-{number}", "published", LONG_AGO
        session.add(price)
    session.commit()
    changed = client.get("/api/v1/sync").json["changed"]
    assert [len(place["prices"]) for place in changed["places"]] == [2, 1, 1]
    for place in changed["places"]:
        shown = client.get(f"/api/v1/places/{place['id']}").json
        assert shown == place | {"open_now": None, "distance_m": None}
    for price in changed["prices"]:
        assert price["place"]["name"] in {place["name"] for place in changed["places"]}


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0x", "WyJhIixudWxsXQ", "Wy0xLG51bGxd"])
def test_a_cursor_from_elsewhere_is_refused(client: FlaskClient, cursor: str) -> None:
    answer = client.get(f"/api/v1/sync?since={cursor}")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["since"])


class Town(RuleBasedStateMachine):
    """Editors do what they like; one phone asks now and then, one is away until the end."""

    template: Path
    base: Settings

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "town.db"
        path.write_bytes(self.template.read_bytes())
        self.clock = TurnableClock(datetime(2026, 7, 1, 8, 0, tzinfo=TOWN_TIME))
        self.app = create_app(
            replace(self.base, database_url=f"sqlite:///{path}"), clock=self.clock
        )
        self.client = self.app.test_client()
        self.often, self.seldom = Phone(self.client, limit=3), Phone(self.client, limit=2)
        self.articles: list[uuid.UUID] = []

    def act(self, number: int, act: Any) -> None:
        if not self.articles:
            return
        with self.app.extensions["sessions"]() as session:
            article = session.get(Article, self.articles[number % len(self.articles)])
            if article is None:
                return
            try:
                act(session, article, Edit("somebody", self.clock()))
                session.commit()
            except DomainError:
                session.rollback()

    @rule(published=st.booleans())
    def write(self, published: bool) -> None:
        with self.app.extensions["sessions"]() as session:
            number = len(self.articles)
            article = Article(kind="news", title={"vi": f"Tin {number}"}, body={"vi": "Nội dung."})
            publishing.create(session, article, Edit("somebody", self.clock()))
            if published:
                publishing.publish(session, article, Edit("somebody", self.clock()))
            session.commit()
            self.articles.append(article.id)

    @rule(number=st.integers(0, 9), text=st.text("abc", min_size=1, max_size=3))
    def change(self, number: int, text: str) -> None:
        self.act(number, lambda s, a, e: publishing.revise(s, a, {"title": {"vi": text}}, e))

    @rule(number=st.integers(0, 9))
    def publish(self, number: int) -> None:
        self.act(number, publishing.publish)

    @rule(number=st.integers(0, 9))
    def unpublish(self, number: int) -> None:
        self.act(number, publishing.unpublish)

    @rule(number=st.integers(0, 9))
    def archive(self, number: int) -> None:
        self.act(number, publishing.archive)

    @rule(number=st.integers(0, 9), minutes=st.integers(1, 90))
    def schedule(self, number: int, minutes: int) -> None:
        later = timedelta(minutes=minutes)
        self.act(number, lambda s, a, e: publishing.schedule(s, a, e.now + later, e))

    @rule(number=st.integers(0, 9), minutes=st.integers(1, 90))
    def expire(self, number: int, minutes: int) -> None:
        later = timedelta(minutes=minutes)
        self.act(number, lambda s, a, e: publishing.expire(s, a, e.now + later, e))

    @rule(number=st.integers(0, 9))
    def delete(self, number: int) -> None:
        self.act(number, lambda s, a, e: s.delete(a))

    @rule(minutes=st.integers(1, 60))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @rule()
    def ask(self) -> None:
        self.often.sync()

    @rule()
    def be_back(self) -> None:
        self.seldom.sync()

    @invariant()
    def nobody_is_told_of_drafts(self) -> None:
        if hasattr(self, "often"):
            assert all(item["published_at"] for item in self.often.items.values())

    def teardown(self) -> None:
        if not hasattr(self, "often"):
            return
        self.clock.advance(days=365)
        new = Phone(self.client)
        for phone in (self.often, self.seldom, new):
            phone.sync()
        listed = self.client.get("/api/v1/articles?limit=100").json["items"]
        assert self.often.items == self.seldom.items == new.items
        assert {item["id"] for item in listed} == {key for _, key in new.items}
        self.app.extensions["chatbot"].close()
        self.app.extensions["engine"].dispose()
        self.folder.cleanup()


@pytest.fixture
def town(sqlite_templates: Path, tmp_path: Path) -> type[Town]:
    """A town with an empty database for every example."""
    Town.template = sqlite_templates / EMPTY
    Town.base = Settings(
        data_dir=tmp_path,
        secret_key="a secret for tests, of more than 32 characters",
        chatbot_key="a key for tests, of more than 32 characters",
        ratelimit_enabled=False,
    )
    return Town


def test_a_client_that_was_away_a_year_ends_up_equal_to_one_that_never_left(
    town: type[Town],
) -> None:
    run_state_machine_as_test(
        town,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
