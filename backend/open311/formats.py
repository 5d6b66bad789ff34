"""Answers in JSON and in XML, of the same data: lists without a root, elements without a namespace.

The data are what JSON writes. In XML a list is an element that holds one for each item; what is
not known is an empty element.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import orjson

from backend import current
from content import xml

ITEM = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "attributes": "attribute",
    "values": "value",
    "media_urls": "media_url",
}
"""What one item of a list is called."""

MEDIA_TYPES = {
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}


def written(form: str, root: str, data: Any) -> bytes:
    """*data* in *form*, `json` or `xml`; in XML inside an element *root*."""
    if form == "json":
        return orjson.dumps(data)
    element = ET.Element(root)
    _fill(element, root, data)
    return xml.written(element)


def _fill(element: ET.Element, name: str, value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _fill(ET.SubElement(element, key), key, inner)
    elif isinstance(value, list):
        for item in value:
            _fill(ET.SubElement(element, ITEM[name]), ITEM[name], item)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = xml.storable(str(value))


def moment(value: datetime) -> str:
    """*value* as both forms write it: in the town's time, with its offset, to the second."""
    return value.astimezone(current.settings().timezone).isoformat(timespec="seconds")
