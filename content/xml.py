"""Writing XML that every reader takes."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def storable(text: str) -> str:
    """*text* without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


def add(parent: ET.Element, name: str, text: str) -> None:
    """Put an element with *text* into *parent*; nothing where there is no text."""
    if text := storable(text):
        ET.SubElement(parent, name).text = text


def written(root: ET.Element) -> bytes:
    """The document of *root* in UTF-8, which says so."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
