"""Lambda: what a function's log holds, as text and as JSON."""

from __future__ import annotations

import base64
import json
import uuid

import pytest

from tests.local.functions import deploy, invoke, logged


@pytest.mark.gap
def test_the_log_holds_start_prints_logging_end_and_report(aws):
    source = """
        import logging

        logging.getLogger().setLevel(logging.INFO)

        def handler(event, context):
            print("printed")
            logging.info("logged %s", 7)
    """
    arn = deploy(aws, source)
    invoke(aws, arn, {})
    aws.eventually(lambda: "REPORT RequestId" in logged(aws, arn))
    start, printed, record, end, report = logged(aws, arn).splitlines()
    assert start.startswith("START RequestId: ")
    assert printed == "printed"
    assert record.startswith("[INFO]\t")
    assert record.endswith("\tlogged 7")
    assert end.startswith("END RequestId: ")
    assert "Billed Duration" in report


@pytest.mark.gap
def test_a_json_log_is_one_object_a_line_in_the_group_asked_for(aws):
    source = """
        import logging

        def handler(event, context):
            logging.getLogger("access").info("asked", extra={})
            raise ValueError("no")
    """
    group = f"/tests/{uuid.uuid4()}"
    aws.client("logs").create_log_group(logGroupName=group)
    arn = deploy(aws, source, LoggingConfig={"LogFormat": "JSON", "LogGroup": group})
    invoke(aws, arn, {})
    events = aws.eventually(
        lambda: aws.client("logs").filter_log_events(logGroupName=group)["events"]
    )
    start, record, failure, report = [json.loads(event["message"]) for event in events]
    assert start["type"] == "platform.start"
    assert (record["level"], record["message"], record["logger"]) == ("INFO", "asked", "access")
    assert record["requestId"] == start["record"]["requestId"]
    assert (failure["level"], failure["errorType"]) == ("ERROR", "ValueError")
    assert (report["type"], report["record"]["status"]) == ("platform.report", "error")


@pytest.mark.gap
def test_the_tail_of_the_log_comes_with_the_answer_when_asked_for(aws):
    source = "def handler(event, context):\n    print('here')\n"
    answer, _ = invoke(aws, deploy(aws, source), {}, LogType="Tail")
    lines = base64.b64decode(answer["LogResult"]).decode().splitlines()
    assert lines[0].startswith("START RequestId: ")
    assert "here" in lines
