"""The weather: fetched by the worker, told while it is fresh, never believed when it is garbage."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from backend.settings import Settings
from backend.weather import fetching
from backend.weather.open_meteo import OpenMeteo
from content.weather.models import WeatherReading
from notifications import worker
from notifications.outbox import Job
from tests.conftest import TurnableClock
from tests.factories.content import BeachFactory, keep
from tests.fakes.open_meteo import FakeOpenMeteo

Work = Callable[..., int]


@pytest.fixture(autouse=True)
def beach(session: Session) -> None:
    """One beach."""
    keep(session, BeachFactory(slug="xuan-huong"))


@pytest.fixture
def service() -> Iterator[FakeOpenMeteo]:
    """Open-Meteo, well."""
    with FakeOpenMeteo() as service:
        yield service


@pytest.fixture
def work(
    session: Session, settings: Settings, service: FakeOpenMeteo, clock: TurnableClock
) -> Work:
    """Do what the worker has to do by now; `patience` in seconds."""

    def work_off(patience: float = 5.0, **changed: Any) -> int:
        urls = {"weather_url": service.forecast_url, "weather_marine_url": service.marine_url}
        town = replace(settings, **(urls | changed))
        session.rollback()
        sessions = sessionmaker(session.get_bind())
        return worker.work_off(sessions, fetching.handlers(town, OpenMeteo(patience)), clock)

    return work_off


@pytest.fixture
def planned(session: Session, clock: TurnableClock) -> None:
    """The first job, as a worker plans it when it starts."""
    fetching.plan(session, clock())
    session.commit()


def weather(client: FlaskClient, lang: str = "en") -> Any:
    return client.get(f"/api/v1/beaches/xuan-huong/status?lang={lang}").json["weather"]


def queued(session: Session) -> list[str]:
    session.rollback()
    due = session.scalars(select(Job.due_at).where(Job.state == "queued").order_by(Job.due_at))
    return [f"{moment.hour + 7:02}:{moment.minute:02}" for moment in due]


def readings(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(WeatherReading)) or 0


def test_without_the_settings_nothing_is_fetched_and_nothing_is_known(
    client: FlaskClient, settings: Settings
) -> None:
    assert not fetching.is_on(settings)
    assert fetching.handlers(settings) == {}
    assert weather(client) is None
    assert "Chưa có thông tin" in client.get("/").text


@pytest.mark.usefixtures("planned")
def test_the_weather_is_fetched_and_told(
    client: FlaskClient, work: Work, service: FakeOpenMeteo
) -> None:
    assert work() == 1
    told = weather(client)
    assert told.items() >= {
        "text": "Partly cloudy", "temperature_c": 30.4, "wind_kmh": 14.8, "gusts_kmh": 29.5,
        "wave_height_m": 0.62, "sea_temperature_c": 30.1, "source": "Open-Meteo.com",
        "observed_at": "2026-07-01T07:30:00+07:00",
    }.items()  # fmt: skip
    assert told["days"][1] == {
        "date": "2026-07-02", "text": "Thunderstorm", "highest_c": 34.0, "lowest_c": 26.8,
        "rain_chance_percent": 77.0, "gusts_kmh": 52.9,
    }  # fmt: skip
    assert told["days"][2]["rain_chance_percent"] is None
    assert weather(client, "vi")["text"] == "Có mây"
    asked = service.asked["/v1/forecast"]
    assert (asked["latitude"], asked["longitude"]) == (["18.81667"], ["105.71667"])
    assert "temperature_2m" in asked["current"][0]
    assert asked["wind_speed_unit"] == ["kmh"]
    home = re.sub(r"\s+", " ", client.get("/?lang=en").text)
    assert "30 °C" in home
    assert "Waves 0.6 m" in home


@pytest.mark.usefixtures("planned")
def test_a_request_waits_for_no_service(
    client: FlaskClient, work: Work, service: FakeOpenMeteo
) -> None:
    service.fall_silent()
    assert weather(client) is None
    assert service.asked == {}


@pytest.mark.usefixtures("planned")
def test_the_job_puts_its_successor_and_chains_become_one(
    session: Session, work: Work, clock: TurnableClock
) -> None:
    clock.advance(minutes=1)
    work()
    assert queued(session) == ["08:30"]
    fetching.plan(session, clock())  # another worker starts
    session.commit()
    assert queued(session) == ["08:30"]
    clock.advance(minutes=31)
    fetching.plan(session, clock())
    session.commit()
    assert work() == 1
    assert queued(session) == ["09:00"]


@pytest.mark.usefixtures("planned")
def test_what_is_old_is_not_told(client: FlaskClient, work: Work, clock: TurnableClock) -> None:
    work()
    clock.advance(hours=2, minutes=29)
    assert weather(client)["wave_height_m"] == 0.62
    clock.advance(minutes=2)  # the sea's answer is three hours old, the air's is not
    told = weather(client)
    assert (told["wave_height_m"], told["temperature_c"]) == (None, 30.4)
    clock.advance(minutes=15)
    assert weather(client) is None


@pytest.mark.usefixtures("planned")
def test_one_service_may_be_off_or_fail_while_the_other_is_told(
    client: FlaskClient, work: Work, service: FakeOpenMeteo
) -> None:
    service.answers["/v1/marine"] = {"error": True, "reason": "No data"}
    work()
    told = weather(client)
    assert (told["temperature_c"], told["wave_height_m"]) == (30.4, None)


@pytest.mark.usefixtures("planned")
def test_only_the_sea_may_be_asked(client: FlaskClient, work: Work) -> None:
    work(weather_url=None)
    told = weather(client)
    assert (told["text"], told["wave_height_m"], told["days"]) == (None, 0.62, [])


@pytest.mark.usefixtures("planned")
def test_after_a_failure_it_is_tried_again_soon_and_heals(
    client: FlaskClient, session: Session, work: Work, service: FakeOpenMeteo, clock: TurnableClock
) -> None:
    service.status = 500
    work()
    assert weather(client) is None
    assert queued(session) == ["08:05"]
    service.status = 200
    clock.advance(minutes=5)
    work()
    assert weather(client)["temperature_c"] == 30.4
    assert queued(session) == ["08:30"]


@pytest.mark.usefixtures("planned")
def test_a_service_that_says_nothing_is_not_waited_for_long(
    client: FlaskClient, session: Session, work: Work, service: FakeOpenMeteo
) -> None:
    service.fall_silent()
    assert work(patience=0.2) == 1
    assert weather(client) is None
    assert queued(session) == ["08:05"]


@pytest.mark.usefixtures("planned")
def test_a_service_that_is_gone_is_tried_again(
    session: Session, work: Work, clock: TurnableClock
) -> None:
    gone = {"weather_url": "http://127.0.0.1:9/v1/forecast", "weather_marine_url": None}
    assert work(**gone) == 1
    assert (readings(session), queued(session)) == (0, ["08:05"])


@pytest.mark.parametrize("status", [301, 400, 403, 404, 429, 500, 502, 503])
@pytest.mark.usefixtures("planned")
def test_an_error_is_no_weather(
    session: Session, work: Work, service: FakeOpenMeteo, status: int
) -> None:
    service.status = status
    assert work() == 1
    assert (readings(session), queued(session)) == (0, ["08:05"])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>Sign in to the hotel's wireless network</html>",
        b'{"current": ',
        b"[]",
        b"null",
        b'"sunny"',
        b"\xff\xfe\x00garbage",
        b"{}",
        b'{"current": []}',
        b" " * 300_000 + b"{}",
        b'{"error": true, "reason": "Daily API request limit exceeded."}',
    ],
)
@pytest.mark.usefixtures("planned")
def test_garbage_is_no_weather(
    session: Session, work: Work, service: FakeOpenMeteo, raw: bytes
) -> None:
    service.raw = raw
    assert work() == 1
    assert (readings(session), queued(session)) == (0, ["08:05"])


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("current", {"temperature_2m": "30.4"}),
        ("current", {"temperature_2m": True}),
        ("current", {"temperature_2m": 304}),
        ("current", {"wind_speed_10m": -1}),
        ("current", {"weather_code": [2]}),
        ("current", {"time": None}),
        ("current", {"time": "noon"}),
        ("current", {"time": 1782866700}),
        ("current_units", {"temperature_2m": "°F"}),
        ("current_units", {"wind_speed_10m": "mp/h"}),
        ("current_units", {"wind_gusts_10m": None}),
        ("daily", {"time": None}),
        ("daily", {"time": ["2026-07-01"]}),
        ("daily", {"time": [1, 2, 3]}),
        ("daily", {"weather_code": None}),
        ("daily", {"temperature_2m_max": [36.2, 34.0, 500]}),
        ("daily_units", {"temperature_2m_max": "°F"}),
    ],
)
@pytest.mark.usefixtures("planned")
def test_what_cannot_be_is_not_believed(
    session: Session, work: Work, service: FakeOpenMeteo, part: str, change: dict[str, Any]
) -> None:
    service.forecast[part] |= change
    assert work(weather_marine_url=None) == 1
    assert (readings(session), queued(session)) == (0, ["08:05"])


@pytest.mark.usefixtures("planned")
def test_a_value_that_the_model_has_not_is_null(
    client: FlaskClient, work: Work, service: FakeOpenMeteo
) -> None:
    service.marine["current"] |= {"sea_surface_temperature": None}
    service.forecast["current"]["weather_code"] = 42  # the WMO's table has no such code
    work()
    told = weather(client)
    assert (told["sea_temperature_c"], told["text"], told["wave_height_m"]) == (None, None, 0.62)


@pytest.mark.parametrize("name", ["forecast", "marine"])
@pytest.mark.usefixtures("planned")
def test_weather_of_another_day_is_not_told(
    client: FlaskClient, work: Work, service: FakeOpenMeteo, name: str
) -> None:
    for wrong in ("2026-06-30T07:45", "2026-07-02T07:45"):
        service.answers[f"/v1/{name}"]["current"]["time"] = wrong
        work()
        told = json.dumps(weather(client))
        assert ("30.4" if name == "forecast" else "0.62") not in told


def test_what_is_a_week_old_is_forgotten(
    session: Session, work: Work, clock: TurnableClock
) -> None:
    for days in (0, 4, 4):
        clock.advance(days=days)
        fetching.plan(session, clock())
        session.commit()
        work()
    session.rollback()
    oldest = session.scalar(select(func.min(WeatherReading.fetched_at)))
    assert oldest == clock() - timedelta(days=4)
