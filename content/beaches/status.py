"""What is known, at one moment, of swimming at a beach. Pure: no database, no clock.

The rules:

- The worst of flag, ban and storm warning wins. The order, from worst: closed, dangerous,
  caution, unknown, supervised. There is no word for "safe", because nobody can promise it.
- A ban in force closes, whether it has an end or not.
- A storm warning in force makes swimming dangerous at least.
- An observation counts until its `valid_until`. After that nothing is known, and a calm flag
  is not repeated; but red and red over red stand, marked as not confirmed, until somebody
  sees something newer.
- Whether lifeguards are on duty is what an observation in force says; where none says it, what
  the beach's schedule says; where there is none, it is not known.
- Without lifeguards on duty nothing is supervised, whatever flies. Red over yellow means a
  watched area: unless lifeguards are on duty the flag contradicts itself and nothing is known.
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
    *lifeguards_by*: "observation" or "schedule", whichever says *lifeguards_on_duty*.
    """

    swimming: Swimming
    flag: str | None
    stale: bool
    confirmed: bool
    observed_at: datetime | None
    valid_until: datetime | None
    lifeguards_on_duty: bool | None
    lifeguards_by: str | None
    ban: SwimBan | None
    note: str | None


def verdict(
    now: datetime,
    latest: Observation | None,
    bans: Iterable[SwimBan] = (),
    *,
    storm_warning: bool = False,
    scheduled: bool | None = None,
) -> Verdict:
    """What is known at *now*, from the *latest* observation, the beach's bans and warnings.

    *scheduled*: whether lifeguards are to be on duty by the schedule; None without one.
    """
    stale = latest is None or latest.valid_until <= now
    counts = latest is not None and (not stale or latest.flag in STANDS_UNTIL_SEEN_OTHERWISE)
    seen = latest if counts else None
    ban = longest(ban for ban in bans if ban.is_in_force(now))
    observed = latest.lifeguards_on_duty if latest and not stale else None
    on_duty = scheduled if observed is None else observed
    in_force = [meaning(seen, on_duty)] if seen and not stale else []
    in_force += [Swimming.CLOSED] if ban else []
    in_force += [Swimming.DANGEROUS] if storm_warning else []
    swimming = worst([*in_force, meaning(seen, on_duty)])
    return Verdict(
        swimming=swimming,
        flag=seen.flag if seen else None,
        stale=stale,
        confirmed=swimming in in_force and swimming is not Swimming.UNKNOWN,
        observed_at=latest.observed_at if latest else None,
        valid_until=latest.valid_until if latest else None,
        lifeguards_on_duty=on_duty,
        lifeguards_by=_source(observed, scheduled),
        ban=ban,
        note=seen.note or None if seen else None,
    )


def _source(observed: bool | None, scheduled: bool | None) -> str | None:
    if observed is not None:
        return "observation"
    return None if scheduled is None else "schedule"


def meaning(observation: Observation | None, on_duty: bool | None) -> Swimming:
    """What an observation that counts says of swimming, with lifeguards *on_duty* or not."""
    if observation is None or observation.flag is None:
        return Swimming.UNKNOWN
    said = MEANING[Flag(observation.flag)]
    if said is Swimming.SUPERVISED and on_duty is not True:
        return Swimming.UNKNOWN
    return said


def worst(words: Iterable[Swimming]) -> Swimming:
    """The word that warns most."""
    return min(words, key=WORST_FIRST.index)


def longest(bans: Iterable[SwimBan]) -> SwimBan | None:
    """The ban that ends last; one without an end outlasts the others."""
    every = sorted(bans, key=lambda ban: (ban.ends_at is None, ban.ends_at or ban.starts_at))
    return every[-1] if every else None
