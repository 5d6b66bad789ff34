"""Points on earth as people paste them: coordinates, links of maps."""

import re
from typing import Any, Optional
from urllib.parse import unquote

_NUMBER = r"(-?\d{1,3}\.\d{2,})"
_POINTS = (
    re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"),  # the pin of a link comes before where the map stood
    re.compile(rf"mlat={_NUMBER}&(?:amp;)?mlon={_NUMBER}"),
    re.compile(rf"[?&](?:q|ll|query|destination|center)=(?:loc:)?{_NUMBER}, ?{_NUMBER}"),
    re.compile(rf"@{_NUMBER},{_NUMBER}"),
    re.compile(rf"#map=\d+(?:\.\d+)?/{_NUMBER}/{_NUMBER}"),
    re.compile(rf"geo:{_NUMBER},{_NUMBER}"),
    re.compile(rf"(?<![\d.]){_NUMBER}\s*[,; ]\s*{_NUMBER}(?![\d.])"),
)


def point_in(text: str) -> Optional[dict[str, Any]]:
    """The {lat, lng} that a link of a map or bare coordinates in `text` mean; None for none."""
    for pattern in _POINTS:
        if match := pattern.search(unquote(text)):
            lat, lng = float(match[1]), float(match[2])
            if -90 <= lat <= 90 and -180 <= lng <= 180:
                return {"lat": lat, "lng": lng}
    return None
