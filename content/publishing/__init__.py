"""Drafts, review, publication, schedule, revisions: what all published content shares."""

from content.publishing.acts import (
    approve,
    archive,
    create,
    expire,
    publish,
    restore,
    revise,
    schedule,
    send_back,
    submit,
    unarchive,
    unpublish,
    unschedule,
)
from content.publishing.finding import find, find_visible, free_slug, kind_named, kinds
from content.publishing.indexing import reindex
from content.publishing.models import Edit, Publishable, Revision, Standing, State
from content.publishing.revisions import working_copies, working_copy

__all__ = [
    "Edit",
    "Publishable",
    "Revision",
    "Standing",
    "State",
    "approve",
    "archive",
    "create",
    "expire",
    "find",
    "find_visible",
    "free_slug",
    "kind_named",
    "kinds",
    "publish",
    "reindex",
    "restore",
    "revise",
    "schedule",
    "send_back",
    "submit",
    "unarchive",
    "unpublish",
    "unschedule",
    "working_copies",
    "working_copy",
]
