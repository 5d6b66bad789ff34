"""What the town is called, where it is, and which time its clocks show."""

from __future__ import annotations

from zoneinfo import ZoneInfo

NAME = {"vi": "Cửa Lò", "en": "Cua Lo"}

POINT = (18.81667, 105.71667)
"""Latitude and longitude in WGS84."""

BOX = (105.6, 18.7, 105.99, 18.93)
"""West, south, east and north of the town with its islands, generously: what lies outside of it
is certainly not the town's. Its exact border is not known here."""

TIME = ZoneInfo("Asia/Ho_Chi_Minh")
