"""A stack whose Terraform loses an answer begins again, on an embedded AWS that knows nothing."""

import pytest

from tools.children import ChildFailedError
from tools.stack import LOST_ANSWER, Stack

OUTPUTS = {
    "login_url": "http://127.0.0.1",
    "state_machine_arns": {},
    "function_names": {},
    "user_pool_id": "pool",
    "client_id": "client",
    "rest_api_id": "api",
    "files_bucket": "files",
    "logs_bucket": "logs",
    "permissions_table": "permissions",
    "audit_table": "audit",
    "topic_arn": "topic",
}


class Interrupted(Stack):
    """Its first apply fails as told; the second is taken as done."""

    def __init__(self, directory, fault):
        super().__init__(directory)
        self.fault, self.seen = fault, []

    def _terraform_apply(self, ready):
        self.seen.append(ready)
        if len(self.seen) == 1:
            raise ChildFailedError(self.fault)
        return OUTPUTS


@pytest.mark.parametrize("sign", LOST_ANSWER[:2])
def test_a_lost_answer_starts_over_with_a_fresh_embedded_aws(tmp_path, sign):
    stack = Interrupted(tmp_path, f"creating a stage: {sign}")
    with stack as facts:
        assert facts.client("sts").get_caller_identity()["Account"]
        first, second = stack.seen
        assert facts.access_key_id == second["access_key_id"] != first["access_key_id"]


def test_any_other_fault_is_reported_at_once(tmp_path):
    with (
        pytest.raises(ChildFailedError, match="a wrong value"),
        Interrupted(tmp_path, "a wrong value"),
    ):
        pass
