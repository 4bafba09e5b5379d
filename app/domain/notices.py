"""What a mail says. Never a file's name, never a link to bytes: mail is read by others on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.times import from_epoch

if TYPE_CHECKING:
    from app.domain.files import File
    from app.domain.shares import Share

LONGEST_SUBJECT = 99  # SNS Publish: "less than 100 characters", and no line break


@dataclass(frozen=True)
class Notice:
    """One mail to one person, as the topic carries it."""

    recipient: str
    event: str
    subject: str
    body: str


def share_notice(file: File, share: Share, web_url: str) -> Notice:
    limit = share.terms.download_limit
    times = "any number of times" if limit is None else f"{limit} time{'s' if limit != 1 else ''}"
    lines = [
        f"{file.owner_email} has shared a file with you.",
        f"You can download it {times} until {from_epoch(share.terms.expires_at)}.",
        *([f"Message: {share.terms.message}"] if share.terms.message else []),
        f"Sign in as {share.recipient} to get it: {web_url}/shares/{file.id}",
    ]
    return Notice(
        recipient=share.recipient,
        event="share:created",
        subject=_one_line(f"{file.owner_email} has shared a file with you"),
        body="\n\n".join(lines),
    )


def _one_line(text: str) -> str:
    printable = "".join(c for c in text if c.isprintable() and c.isascii())
    return printable.strip()[:LONGEST_SUBJECT]
