"""Every table of every room, imported so that the metadata knows them all."""
# ruff: noqa: F401

import backend.accounts.models
import backend.chat.models
import backend.digests
import backend.feedback.block_models
import backend.feedback.bulk
import backend.feedback.closing
import backend.feedback.desk_models
import backend.feedback.models
import backend.feedback.nearby.models
import backend.feedback.notices
import backend.feedback.office_models
import backend.feedback.promises
import backend.feedback.retention
import backend.feedback.statistics.models
import backend.feedback.suggesting.models
import backend.open311.models
import backend.webhooks.announcing
import backend.webhooks.models
import content.alerts.models
import content.articles.models
import content.audit
import content.beaches.models
import content.changes
import content.contacts.models
import content.events.models
import content.holidays.models
import content.media.models
import content.places.models
import content.prices.models
import content.publishing.models
import content.search.models
import content.tides.models
import content.vocabularies.models
import content.weather.models
import notifications.campaigns
import notifications.devices
import notifications.gate
import notifications.inbox
import notifications.messages
import notifications.outbox
import notifications.worker
from content.store import Base

metadata = Base.metadata
