"""Reading what is known of beaches."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from astral import Observer
from astral.sun import sun
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from content import town
from content.alerts.models import Event
from content.alerts.verbs import alerts_in_force
from content.articles.markdown import to_text
from content.articles.models import Article
from content.articles.queries import articles
from content.beaches.models import Beach, LifeguardSchedule, Observation, SwimBan, WaterSample
from content.beaches.schedules import duty, in_season, of_day
from content.beaches.status import Verdict, verdict
from content.store import Localized
from content.tides.models import Tide
from content.tides.verbs import tides_around
from content.weather.verbs import weather_now

WARNING_TOPICS = ("storm", "safety")

Dated = TypeVar("Dated", Observation, WaterSample)


@dataclass(frozen=True)
class Sun:
    """When the sun rises and sets over the town."""

    rise: datetime
    set: datetime


@dataclass(frozen=True)
class WarningInForce:
    """An announcement or an alert that warns now; *kind* is "article" or "alert"."""

    kind: str
    id: uuid.UUID
    slug: str
    title: Localized
    text: Localized
    issued_at: datetime
    quarters: Sequence[str]
    is_storm: bool
    is_sample: bool


@dataclass(frozen=True)
class Status:
    """All that is known of one beach at one moment."""

    beach: Beach
    verdict: Verdict
    warnings: Sequence[WarningInForce]
    water_sample: WaterSample | None
    sun: Sun
    lifeguard_hours: Sequence[LifeguardSchedule]
    tides: Sequence[Tide]
    weather: dict[str, Any] | None


def beaches(session: Session, now: datetime) -> Sequence[Beach]:
    """The beaches that the public sees at *now*, in the order they are shown."""
    statement = select(Beach).where(Beach.visible(now)).order_by(Beach.position, Beach.slug)
    return session.scalars(statement).all()


def status(session: Session, beach: Beach, now: datetime) -> Status:
    """What is known of *beach* at *now*."""
    return statuses(session, [beach], now)[0]


def statuses(session: Session, wanted: Collection[Beach], now: datetime) -> list[Status]:
    """What is known of each of the beaches at *now*, with one query for each kind of fact."""
    ids = [beach.id for beach in wanted]
    observed = latest_observations(session, ids)
    samples = _latest(session, WaterSample, WaterSample.sampled_at, ids)
    bans = _bans(session, ids, now)
    warnings = warnings_in_force(session, now)
    schedules = in_season(session, ids, now)
    everywhere = _Everywhere(sun_times(now), tides_around(session, now), weather_now(session, now))
    return [
        _status(
            beach,
            observed.get(beach.id),
            [ban for ban in bans if ban.beach_id in (None, beach.id)],
            [warning for warning in warnings if _concerns(warning, beach)],
            samples.get(beach.id),
            schedules.get(beach.id, []),
            everywhere,
            now,
        )
        for beach in wanted
    ]


@dataclass(frozen=True)
class _Everywhere:
    """What holds at every beach of the town."""

    sun: Sun
    tides: Sequence[Tide]
    weather: dict[str, Any] | None


def _status(
    beach: Beach,
    observation: Observation | None,
    bans: Sequence[SwimBan],
    warnings: Sequence[WarningInForce],
    sample: WaterSample | None,
    schedules: Sequence[LifeguardSchedule],
    everywhere: _Everywhere,
    now: datetime,
) -> Status:
    storm = any(warning.is_storm for warning in warnings)
    return Status(
        beach=beach,
        verdict=verdict(
            now, observation, bans, storm_warning=storm, scheduled=duty(schedules, now)
        ),
        warnings=warnings,
        water_sample=sample,
        sun=everywhere.sun,
        lifeguard_hours=of_day(schedules, now),
        tides=everywhere.tides,
        weather=everywhere.weather,
    )


def sun_times(now: datetime) -> Sun:
    """The sun's times over the town on the day that *now* falls on there."""
    times = sun(Observer(*town.POINT), date=now.astimezone(town.TIME).date(), tzinfo=town.TIME)
    return Sun(rise=times["sunrise"], set=times["sunset"])


def latest_observations(
    session: Session, beaches: Collection[uuid.UUID]
) -> dict[uuid.UUID, Observation]:
    """What was seen last at each of the *beaches*, by beach; what was withdrawn does not count."""
    stands = Observation.withdrawn_at.is_(None)
    return _latest(session, Observation, Observation.observed_at, beaches, stands)


def _latest(
    session: Session,
    kind: type[Dated],
    moment: InstrumentedAttribute[datetime],
    beaches: Collection[uuid.UUID],
    *conditions: ColumnElement[bool],
) -> dict[uuid.UUID, Dated]:
    """The row of *kind* with the latest *moment*, of those that meet *conditions*, by beach."""
    order = (moment.desc(), kind.created_at.desc())
    rank = func.row_number().over(partition_by=kind.beach_id, order_by=order).label("rank")
    ranked = select(kind, rank).where(kind.beach_id.in_(beaches), *conditions).subquery()
    latest = aliased(kind, ranked)
    return {row.beach_id: row for row in session.scalars(select(latest).where(ranked.c.rank == 1))}


def _bans(session: Session, beaches: Collection[uuid.UUID], now: datetime) -> Sequence[SwimBan]:
    """The bans that may hold at *now*."""
    return session.scalars(
        select(SwimBan).where(
            or_(SwimBan.beach_id.in_(beaches), SwimBan.beach_id.is_(None)),
            and_(SwimBan.starts_at <= now, SwimBan.lifted_at.is_(None)),
            or_(SwimBan.ends_at.is_(None), SwimBan.ends_at > now),
        )
    ).all()


def warnings_in_force(session: Session, now: datetime) -> list[WarningInForce]:
    """What warns people at *now*: alerts, then announcements, each the newest first.

    Bans are told apart from these. A storm that is yet to come warns, and makes swimming
    dangerous from its onset on.
    """
    alerts = [
        WarningInForce(
            kind="alert",
            id=alert.id,
            slug=alert.identifier,
            title=alert.headline,
            text=_joined(alert.description, alert.instruction),
            issued_at=alert.sent,
            quarters=alert.quarters,
            is_storm=alert.event == Event.STORM and alert.onset <= now,
            is_sample=False,
        )
        for alert in alerts_in_force(session, now)
        if alert.event != Event.SWIM_BAN
    ]
    return alerts + [_of_article(article) for article in _articles(session, now)]


def _of_article(article: Article) -> WarningInForce:
    return WarningInForce(
        kind="article",
        id=article.id,
        slug=article.slug,
        title=article.title,
        text={
            language: article.summary.get(language) or to_text(article.body.get(language, ""))
            for language in article.title
        },
        issued_at=article.published_at or article.updated_at,
        quarters=article.quarters,
        is_storm="storm" in article.topics,
        is_sample=article.is_sample,
    )


def _joined(*texts: Localized) -> Localized:
    languages = {language for text in texts for language in text}
    return {
        language: " ".join(text[language] for text in texts if text.get(language))
        for language in languages
    }


def _articles(session: Session, now: datetime) -> list[Article]:
    found: dict[uuid.UUID, Article] = {}
    for topic in WARNING_TOPICS:
        statement = articles(now=now, kind="announcement", topic=topic)
        newest_first = statement.order_by(Article.published_at.desc(), Article.id)
        found |= {article.id: article for article in session.scalars(newest_first)}
    return list(found.values())


def _concerns(warning: WarningInForce, beach: Beach) -> bool:
    return not warning.quarters or beach.quarter is None or beach.quarter in warning.quarters
