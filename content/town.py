"""What the town is called, where it is, and which time its clocks show."""

from __future__ import annotations

from zoneinfo import ZoneInfo

NAME = {"vi": "Cửa Lò", "en": "Cua Lo"}

POINT = (18.81667, 105.71667)
"""Latitude and longitude in WGS84."""

TIME = ZoneInfo("Asia/Ho_Chi_Minh")
