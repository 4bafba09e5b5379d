"""The permission table's writes, planned: the conditions under which a workflow may carry one out.

Each clause of a condition is a named text; a condition that fails cancels its whole transaction,
the audit record in it included (docs.aws.amazon.com/amazondynamodb, TransactWriteItems).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.adapters.items import encode, encode_value
from app.adapters.rows import file_key, file_row, share_key, share_row, user_key
from app.domain.files import FileState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.access import Access
    from app.domain.files import File
    from app.domain.people import Person
    from app.domain.shares import Share
    from app.ports import Item, TransactItem

# The clauses, one meaning each.
nothing_there = "attribute_not_exists(pk)"
# Both hold where there is no row: a person Waybill has never restricted needs none. No boolean:
# Step Functions' SDK integrations spell that type otherwise than DynamoDB does.
not_disabled = "attribute_not_exists(disabled_at)"
session_not_revoked = "(attribute_not_exists(not_before) OR not_before <= :issued_at)"
mine = "#owner = :owner"
in_state = "#state = :state"
there = "attribute_exists(pk)"
not_revoked = "attribute_not_exists(revoked_at)"
not_expired = "expires_at > :now"
not_yet_used_up = "(attribute_not_exists(download_limit) OR used < download_limit)"
mine_or_nobodys_yet = "(attribute_not_exists(bound_to) OR bound_to = :sub)"
over = "(expires_at <= :now OR attribute_exists(revoked_at))"


class PermissionPlans:
    def __init__(self, table: str) -> None:
        self._table = table

    def plan_upload(self, person: Person, file: File) -> list[TransactItem]:
        return [
            self._still_welcome(person),
            {"Put": self._on(Item=file_row(file), ConditionExpression=nothing_there)},
        ]

    def plan_completion(self, person: Person, file: File) -> list[TransactItem]:
        update = self._on(
            Key=file_key(file.id),
            UpdateExpression="SET #state = :ready, version = :version",
            ConditionExpression=f"{mine} AND {in_state}",
            ExpressionAttributeNames={"#state": "state", "#owner": "owner"},
            ExpressionAttributeValues=encode(
                {
                    ":ready": FileState.READY.value,
                    ":state": FileState.UPLOADING.value,
                    ":version": file.version,
                    ":owner": person.sub,
                }
            ),
        )
        return [self._still_welcome(person), {"Update": update}]

    def plan_shares(
        self, person: Person, file: File, shares: Sequence[Share], now: int
    ) -> list[TransactItem]:
        puts = [
            {
                "Put": self._on(
                    Item=share_row(share),
                    ConditionExpression=f"{nothing_there} OR {over}",
                    ExpressionAttributeValues={":now": encode_value(now)},
                )
            }
            for share in shares
        ]
        return [self._still_welcome(person), self._still_ready(file), *puts]

    def plan_grant(self, person: Person, access: Access, now: int) -> list[TransactItem]:
        """The grant: counted, unless it is the owner's own, and only while all of it still holds."""
        plan = [self._still_welcome(person), self._still_ready(access.file)]
        if access.share is not None:
            plan.append(self._use_up_one(access.share, person, now))
        return plan

    def _still_welcome(self, person: Person) -> TransactItem:
        """Revoking a person writes this row: no grant slips in after it (P5)."""
        return {
            "ConditionCheck": self._on(
                Key=user_key(person.sub),
                ConditionExpression=f"{not_disabled} AND {session_not_revoked}",
                ExpressionAttributeValues=encode({":issued_at": person.token_issued_at}),
            )
        }

    def _still_ready(self, file: File) -> TransactItem:
        return {
            "ConditionCheck": self._on(
                Key=file_key(file.id),
                ConditionExpression=f"{mine} AND {in_state}",
                ExpressionAttributeNames={"#owner": "owner", "#state": "state"},
                ExpressionAttributeValues=encode(
                    {":owner": file.owner, ":state": FileState.READY.value}
                ),
            )
        }

    def _use_up_one(self, share: Share, person: Person, now: int) -> TransactItem:
        clauses = (there, not_revoked, not_expired, not_yet_used_up, mine_or_nobodys_yet)
        return {
            "Update": self._on(
                Key=share_key(share.file_id, share.recipient),
                UpdateExpression="SET used = used + :one, bound_to = :sub",
                ConditionExpression=" AND ".join(clauses),
                ExpressionAttributeValues=encode({":one": 1, ":now": now, ":sub": person.sub}),
            )
        }

    def _on(self, **action: Any) -> Item:
        return {"TableName": self._table, **action}
