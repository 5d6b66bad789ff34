"""What is known, at one moment, of swimming at a beach. Pure: no database, no clock.

The rules:

- The worst of flag, ban and storm warning wins. The order, from worst: closed, dangerous,
  caution, unknown, supervised. There is no word for "safe", because nobody can promise it.
- A ban in force closes, whether it has an end or not.
- A storm warning in force makes swimming dangerous at least.
- An observation counts until its `valid_until`. After that nothing is known, and a calm flag
  is not repeated; but red and red over red stand, marked as not confirmed, until somebody
  sees something newer.
- Red over yellow means a watched area, so it means "supervised" only while lifeguards are
  said to be on duty; without them the flag contradicts itself and nothing is known.
- Purple (marine pests) calls for caution; black and white quarters set the zone apart for
  craft, so swimming there is closed.
- Water quality is a matter of its own and changes nothing here.

Flags after ISO 13009:2015 (TCVN 12837:2019) and the International Life Saving Federation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from content.beaches.models import Flag, Observation, SwimBan


class Swimming(StrEnum):
    """What is to be said of swimming, the worst first."""

    CLOSED = "closed"
    DANGEROUS = "dangerous"
    CAUTION = "caution"
    UNKNOWN = "unknown"
    SUPERVISED = "supervised"


WORST_FIRST = list(Swimming)

MEANING = {
    Flag.RED_OVER_RED: Swimming.CLOSED,
    Flag.QUARTERED: Swimming.CLOSED,
    Flag.RED: Swimming.DANGEROUS,
    Flag.YELLOW: Swimming.CAUTION,
    Flag.PURPLE: Swimming.CAUTION,
    Flag.RED_OVER_YELLOW: Swimming.SUPERVISED,
}

STANDS_UNTIL_SEEN_OTHERWISE = (Flag.RED, Flag.RED_OVER_RED)


@dataclass(frozen=True)
class Verdict:
    """What is known: the observation's fields are null where it no longer counts.

    *stale*: no observation counts now. *confirmed*: *swimming* rests on something in force now.
    """

    swimming: Swimming
    flag: str | None
    stale: bool
    confirmed: bool
    observed_at: datetime | None
    valid_until: datetime | None
    lifeguards_on_duty: bool | None
    ban: SwimBan | None
    note: str | None


def verdict(
    now: datetime,
    latest: Observation | None,
    bans: Iterable[SwimBan] = (),
    *,
    storm_warning: bool = False,
) -> Verdict:
    """What is known at *now*, from the *latest* observation, the beach's bans and warnings."""
    stale = latest is None or latest.valid_until <= now
    counts = latest is not None and (not stale or latest.flag in STANDS_UNTIL_SEEN_OTHERWISE)
    seen = latest if counts else None
    ban = longest(ban for ban in bans if ban.is_in_force(now))
    in_force = [meaning(seen)] if seen and not stale else []
    in_force += [Swimming.CLOSED] if ban else []
    in_force += [Swimming.DANGEROUS] if storm_warning else []
    swimming = worst([*in_force, meaning(seen)])
    return Verdict(
        swimming=swimming,
        flag=seen.flag if seen else None,
        stale=stale,
        confirmed=swimming in in_force and swimming is not Swimming.UNKNOWN,
        observed_at=latest.observed_at if latest else None,
        valid_until=latest.valid_until if latest else None,
        lifeguards_on_duty=latest.lifeguards_on_duty if latest and not stale else None,
        ban=ban,
        note=seen.note or None if seen else None,
    )


def meaning(observation: Observation | None) -> Swimming:
    """What an observation that counts says of swimming."""
    if observation is None or observation.flag is None:
        return Swimming.UNKNOWN
    said = MEANING[Flag(observation.flag)]
    if said is Swimming.SUPERVISED and observation.lifeguards_on_duty is not True:
        return Swimming.UNKNOWN
    return said


def worst(words: Iterable[Swimming]) -> Swimming:
    """The word that warns most."""
    return min(words, key=WORST_FIRST.index)


def longest(bans: Iterable[SwimBan]) -> SwimBan | None:
    """The ban that ends last; one without an end outlasts the others."""
    every = sorted(bans, key=lambda ban: (ban.ends_at is None, ban.ends_at or ban.starts_at))
    return every[-1] if every else None
