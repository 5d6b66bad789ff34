"""Whom a message is for."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from notifications import audience, devices
from notifications.audience import EVERYONE, Audience
from notifications.devices import Device, Preferences
from tests.conftest import TurnableClock
from tests.factories.notifications import DeviceFactory


def chosen(session: Session, wanted: Audience, *topics: str) -> set[str | None]:
    ids = session.scalars(audience.devices_for(wanted, topics)).all()
    assert audience.count(session, wanted, topics) == len(ids)
    return {session.get_one(Device, id).address for id in ids}


@pytest.fixture(autouse=True)
def town(session: Session, clock: TurnableClock) -> None:
    """Four devices that differ in every way that an audience can ask for."""
    residents = {
        "binh": DeviceFactory(address="binh", quarter="nghi-thuy"),
        "chi": DeviceFactory(address="chi", quarter="nghi-tan", platform="ios"),
        "guest": DeviceFactory(address="guest", language="en", platform="web"),
        "dung": DeviceFactory(address="dung", quarter="nghi-hai"),
    }
    session.add_all(residents.values())
    session.flush()
    quiet = Preferences({"announcements": False, "events": False}, quarters=["nghi-thuy"])
    devices.set_preferences(session, residents["dung"], quiet, clock())
    devices.set_preferences(
        session, residents["guest"], Preferences(quarters=["nghi-tan", "nghi-thuy"]), clock()
    )
    session.commit()


@pytest.mark.parametrize(
    ("wanted", "topics", "expected"),
    [
        (EVERYONE, ["safety"], {"binh", "chi", "guest", "dung"}),
        (EVERYONE, ["announcements"], {"binh", "chi", "guest"}),
        (EVERYONE, ["announcements", "safety"], {"binh", "chi", "guest", "dung"}),
        (EVERYONE, ["announcements", "events"], {"binh", "chi", "guest"}),
        (EVERYONE, [], {"binh", "chi", "guest", "dung"}),
        (Audience(quarters=["nghi-thuy"]), ["safety"], {"binh", "guest", "dung"}),
        (
            Audience(quarters=["nghi-thuy", "nghi-tan"]),
            ["safety"],
            {"binh", "chi", "guest", "dung"},
        ),
        (Audience(quarters=["nghi-hoa"]), ["safety"], set()),
        (Audience(languages=["en"]), ["safety"], {"guest"}),
        (Audience(platforms=["ios", "web"]), ["safety"], {"chi", "guest"}),
        (Audience(topics=["events"]), ["safety"], {"binh", "chi", "guest"}),
        (Audience(topics=["events", "utilities"]), ["safety"], {"binh", "chi", "guest", "dung"}),
        (Audience(quarters=["nghi-tan"], platforms=["web"]), ["announcements"], {"guest"}),
    ],
)
def test_devices_that_fit_every_criterion_are_chosen_and_counted(
    session: Session, wanted: Audience, topics: list[str], expected: set[str]
) -> None:
    assert chosen(session, wanted, *topics) == expected


def test_a_citizen_is_reached_on_every_own_device_that_wants_it(
    session: Session, clock: TurnableClock
) -> None:
    citizen = uuid4()
    phone, tablet, muted = DeviceFactory.build_batch(3, citizen_id=citizen)
    session.add_all([phone, tablet, muted])
    session.flush()
    devices.set_preferences(session, muted, Preferences({"reports": False}), clock())

    ids = session.scalars(audience.devices_for(EVERYONE, ["reports"], citizen)).all()

    assert set(ids) == {phone.id, tablet.id}


def test_pages_go_through_the_selection_once(session: Session) -> None:
    session.add_all(DeviceFactory.build_batch(7))
    session.commit()
    selection = audience.devices_for(EVERYONE)
    seen: list[int] = []

    while ids := session.scalars(audience.page(selection, seen[-1] if seen else 0, 3)).all():
        seen += ids

    assert seen == sorted(set(seen))
    assert len(seen) == 11


def test_an_audience_is_kept_as_json() -> None:
    wanted = Audience(quarters=["nghi-tan"], topics=["events"])

    assert Audience.from_json(wanted.as_json()) == wanted
    assert EVERYONE.as_json() == {}
