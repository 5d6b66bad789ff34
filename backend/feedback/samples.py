"""Sample offices and rules, invented to show how routing works; real ones are the town's to say."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.feedback.models import Report
from backend.feedback.office_models import Office, RoutingRule
from content.store import SEED, Localized

OFFICES: dict[str, Localized] = {
    "don-vi-mau-moi-truong": {
        "vi": "Đơn vị Mẫu: môi trường",
        "en": "Sample office: environment",
    },
    "don-vi-mau-ha-tang": {
        "vi": "Đơn vị Mẫu: hạ tầng",
        "en": "Sample office: streets and utilities",
    },
    "don-vi-mau-trat-tu": {"vi": "Đơn vị Mẫu: trật tự", "en": "Sample office: public order"},
    "don-vi-mau-du-lich": {"vi": "Đơn vị Mẫu: du lịch", "en": "Sample office: tourism"},
    "don-vi-mau-truc-bien": {"vi": "Đơn vị Mẫu: trực biển", "en": "Sample office: beach duty"},
}

RULES = (
    ("501", None, "don-vi-mau-truc-bien"),
    ("104", "Mo-Su 22:00-06:00", "don-vi-mau-trat-tu"),
    ("100", None, "don-vi-mau-moi-truong"),
    ("200", None, "don-vi-mau-ha-tang"),
    ("300", None, "don-vi-mau-trat-tu"),
    ("400", None, "don-vi-mau-du-lich"),
    ("502", None, "don-vi-mau-moi-truong"),
)
"""Category, hours, office: the first that fits."""


def seed_samples(session: Session, now: datetime) -> int:
    """Put sample offices on file, and rules where there are none yet. Answers how many rows."""
    known = set(session.scalars(select(Office.code)))
    missing = [code for code in OFFICES if code not in known]
    stamps = {"created_at": now, "updated_at": now, "changed_by": SEED}
    session.add_all(
        Office(code=code, name=OFFICES[code], is_sample=True, **stamps) for code in missing
    )
    session.flush()
    if session.scalar(select(RoutingRule.id).limit(1)) is not None:
        return len(missing)
    session.add_all(
        RoutingRule(position=position, category=category, hours=hours, office=office, **stamps)
        for position, (category, hours, office) in enumerate(RULES)
    )
    session.flush()
    return len(missing) + len(RULES)


def remove_samples(session: Session) -> int:
    """Remove the sample offices, the rules that name them, and their work. Answers how many."""
    codes = session.scalars(select(Office.code).where(Office.is_sample)).all()
    rules = session.scalars(select(RoutingRule.id).where(RoutingRule.office.in_(codes))).all()
    session.execute(delete(RoutingRule).where(RoutingRule.id.in_(rules)))
    session.execute(update(Report).where(Report.office.in_(codes)).values(office=None))
    session.execute(delete(Office).where(Office.code.in_(codes)))
    return len(codes) + len(rules)
