"""An alert as XML of the Common Alerting Protocol, version 1.2 (OASIS).

The order of the elements is the schema's. Each language has an `info` of its own, as the
standard wants it.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from content import town
from content.alerts.models import Alert, Event, MessageType
from content.alerts.verbs import cap_time
from content.alerts.words import EXERCISE, LANGUAGES, WORDS
from content.text import in_language
from content.xml import add, written

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"


def to_xml(alert: Alert, *, web: str) -> bytes:
    """*alert* as a document in UTF-8; *web* is the address of the page that shows it."""
    root = ET.Element("alert", xmlns=NAMESPACE)
    add(root, "identifier", alert.identifier)
    add(root, "sender", alert.sender)
    add(root, "sent", cap_time(alert.sent))
    add(root, "status", alert.status)
    add(root, "msgType", alert.message_type)
    add(root, "scope", "Public")
    add(root, "note", _note(alert))
    add(root, "references", " ".join(alert.refers_to))
    for language in LANGUAGES:
        _add_info(root, alert, language, web)
    return written(root)


def _note(alert: Alert) -> str:
    exercise = EXERCISE if alert.status == "Exercise" else {}
    notes = (in_language(text, "vi") for text in (exercise, alert.reason))
    return " ".join(filter(None, notes))


def _add_info(root: ET.Element, alert: Alert, language: str, web: str) -> None:
    words, over = WORDS[Event(alert.event)], alert.message_type == MessageType.CANCEL
    info = ET.SubElement(root, "info")
    add(info, "language", LANGUAGES[language])
    add(info, "category", words.category)
    add(info, "event", words.name[language])
    # Not "AllClear": that a warning ends does not promise that the water is safe.
    add(info, "responseType", "Monitor" if over else words.response)
    add(info, "urgency", "Past" if over else alert.urgency)
    add(info, "severity", alert.severity)
    add(info, "certainty", alert.certainty)
    add(info, "effective", cap_time(alert.sent))
    add(info, "onset", cap_time(alert.onset))
    add(info, "expires", cap_time(alert.expires) if alert.expires else "")
    add(info, "senderName", town.NAME[language])
    add(info, "headline", alert.headline.get(language, ""))
    add(info, "description", alert.description.get(language, ""))
    add(info, "instruction", "" if over else alert.instruction.get(language, ""))
    add(info, "web", web)
    for name in alert.areas:
        area = ET.SubElement(info, "area")
        add(area, "areaDesc", in_language(name, language) or town.NAME[language])
