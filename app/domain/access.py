"""May this person have this file now? The one rule behind every download."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.decisions import Allowed, Refused
from app.domain.files import File, unready
from app.domain.people import Person, UserState, standing
from app.domain.reasons import Reason
from app.domain.shares import Share, usable


@dataclass(frozen=True)
class Access:
    """What a grant opens: exactly these bytes, through this share (None: the owner's own file)."""

    file: File
    version: str
    share: Share | None


@dataclass(frozen=True)
class DownloadFacts:
    """All that deciding one download needs, read at once and strongly consistent."""

    state: UserState
    file: File | None
    share: Share | None


def decide(person: Person, facts: DownloadFacts, now: int) -> Allowed[Access] | Refused:
    """Decide one download; `now` in epoch seconds.

    Precedence: the account, then whether the person has anything to do with the file at all
    (a stranger learns nothing of its state), then the file, then the share.
    """
    file, share = facts.file, facts.share
    if reason := standing(person, facts.state):
        return Refused(reason)
    if file is None:
        return Refused(Reason.NO_SUCH_FILE)
    if file.owner == person.sub:
        return _owner(file)
    if share is None or share.bound_to not in (None, person.sub):
        return Refused(Reason.NOT_SHARED_WITH_YOU)
    if reason := unready(file) or usable(share, person.sub, now):
        return Refused(reason)
    return Allowed(Access(file, share.version, share))


def _owner(file: File) -> Allowed[Access] | Refused:
    if file.version is None or unready(file):
        return Refused(unready(file) or Reason.FILE_NOT_READY)
    return Allowed(Access(file, file.version, None))
