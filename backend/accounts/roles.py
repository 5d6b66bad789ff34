"""Who may do what: one table."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is employed for; one person may have several."""

    EDITOR = "editor"
    OFFICER = "officer"
    LIFEGUARD = "lifeguard"
    LEADER = "leader"
    ADMIN = "admin"


class Permission(StrEnum):
    """One kind of act that staff may do."""

    WRITE_CONTENT = "content.write"
    PUBLISH_CONTENT = "content.publish"
    OBSERVE_BEACH = "beach.observe"
    BAN_SWIMMING = "beach.ban"
    SAMPLE_WATER = "beach.sample"
    SCHEDULE_LIFEGUARDS = "beach.schedule"
    KEEP_TIDES = "tides.keep"
    RAISE_ALERTS = "alerts.raise"
    SEND_CAMPAIGNS = "campaigns.send"
    READ_REPORTS = "reports.read"
    READ_ALL_REPORTS = "reports.all"
    WORK_ON_REPORTS = "reports.work"
    FORWARD_REPORTS = "reports.forward"
    READ_CONTACTS = "reports.contacts"
    READ_SEALED_CONTACTS = "reports.sealed"
    SEE_ORIGINALS = "reports.originals"
    BLOCK_SENDERS = "reports.block"
    MANAGE_OFFICES = "reports.offices"
    ANSWER_CHAT = "chat.answer"
    READ_STATISTICS = "statistics.read"
    READ_AUDIT = "audit.read"
    MANAGE_STAFF = "staff.manage"
    MANAGE_WEBHOOKS = "webhooks.manage"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.EDITOR: frozenset(
        {
            Permission.WRITE_CONTENT,
            Permission.PUBLISH_CONTENT,
            Permission.SEND_CAMPAIGNS,
            Permission.KEEP_TIDES,
        }
    ),
    Role.OFFICER: frozenset(
        {
            Permission.READ_REPORTS,
            Permission.WORK_ON_REPORTS,
            Permission.READ_CONTACTS,
            Permission.SEE_ORIGINALS,
            Permission.ANSWER_CHAT,
        }
    ),
    Role.LIFEGUARD: frozenset({Permission.OBSERVE_BEACH, Permission.BAN_SWIMMING}),
    Role.LEADER: frozenset(
        {
            Permission.PUBLISH_CONTENT,
            Permission.BAN_SWIMMING,
            Permission.SCHEDULE_LIFEGUARDS,
            Permission.RAISE_ALERTS,
            Permission.SEND_CAMPAIGNS,
            Permission.READ_REPORTS,
            Permission.READ_ALL_REPORTS,
            Permission.BLOCK_SENDERS,
            Permission.READ_STATISTICS,
            Permission.READ_AUDIT,
        }
    ),
    Role.ADMIN: frozenset(Permission),
}
