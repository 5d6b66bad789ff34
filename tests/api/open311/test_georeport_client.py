"""The client `georeport` of other people's making reads from us over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.serving import served

georeport = pytest.importorskip("georeport")


@pytest.fixture(params=["json", "xml"])
def city(request: pytest.FixtureRequest, app: Flask) -> Iterator[Any]:
    """The client of our town, in either form."""
    with served(app) as url:
        yield georeport.GeoReport(f"{url}/open311/v2", output_format=request.param)


def test_it_reads_services_and_their_definitions(city: Any) -> None:
    codes = {service["service_code"] for service in city.get_service_list()}
    assert {"101", "401"} <= codes
    definition = city.get_service_definition("401")
    assert definition["service_code"] == "401"
    assert definition["attributes"]


def test_it_reads_requests(
    city: Any,
    posted: Callable[..., str],
    move: Callable[..., None],
    approve: Callable[[str, str], None],
) -> None:
    codes = [posted(), posted()]
    for code in codes:
        move(code, "in_progress")
    approve(codes[1], "Rác < 5 túi & mùi hôi")
    found = city.get_service_requests(status="open", service_code="101")
    assert {one["service_request_id"] for one in found} == set(codes)
    one = city.get_service_request(codes[1])
    assert one["status"] == "open"
    assert one["description"] == "Rác < 5 túi & mùi hôi"
