"""Events: what reaches a function or a state machine, without anybody waiting for it."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.local.functions import deploy, logged
from tests.local.machines import machine, states

pytestmark = pytest.mark.gap

TELL = "import json\ndef handler(event, context):\n    print('got ' + json.dumps(event))\n"


def told(aws, function):
    return [
        json.loads(line.removeprefix("got "))
        for line in logged(aws, function).splitlines()
        if line.startswith("got ")
    ]


def name():
    return f"test-{uuid.uuid4().hex[:12]}"


def test_a_notice_reaches_a_function_with_its_attributes(aws):
    sns = aws.client("sns")
    function = deploy(aws, TELL)
    topic = sns.create_topic(Name=name())["TopicArn"]
    sns.subscribe(
        TopicArn=topic,
        Protocol="lambda",
        Endpoint=function,
        Attributes={"FilterPolicy": json.dumps({"event": ["share"]})},
    )
    for event in ("other", "share"):
        sns.publish(
            TopicArn=topic,
            Subject="Hello",
            Message=f"about {event}",
            MessageAttributes={"event": {"DataType": "String", "StringValue": event}},
        )
    [given] = aws.eventually(lambda: told(aws, function))
    notice = given["Records"][0]["Sns"]
    assert notice["Message"] == "about share"
    assert notice["Subject"] == "Hello"
    assert notice["TopicArn"] == topic
    assert notice["MessageAttributes"] == {"event": {"Type": "String", "Value": "share"}}


def test_a_new_object_reaches_a_function(aws):
    s3 = aws.client("s3")
    function = deploy(aws, TELL)
    bucket = name()
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
            ]
        },
    )
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    events = aws.eventually(
        lambda: [e for e in told(aws, function) if "Records" in e and "s3" in e["Records"][0]]
    )
    assert events[-1]["Records"][0]["s3"]["object"]["key"] == "k"


def test_an_event_reaches_functions_state_machines_and_topics(aws):
    events, sns, sqs = aws.client("events"), aws.client("sns"), aws.client("sqs")
    source, rule = name(), name()
    function = deploy(aws, TELL)
    workflow = machine(aws, states(A={"Type": "Pass"}), type="STANDARD")
    topic = sns.create_topic(Name=name())["TopicArn"]
    queue = sqs.create_queue(QueueName=name())["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn["Attributes"]["QueueArn"])
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(
        Rule=rule,
        Targets=[
            {"Id": "f", "Arn": function},
            {"Id": "w", "Arn": workflow, "RoleArn": "arn:aws:iam::123456789012:role/r"},
            {"Id": "t", "Arn": topic},
        ],
    )
    detail = json.dumps({"n": 1})
    events.put_events(Entries=[{"Source": source, "DetailType": "Test", "Detail": detail}])
    [given] = aws.eventually(lambda: told(aws, function))
    assert given["detail"] == {"n": 1}
    assert given["detail-type"] == "Test"
    sfn = aws.client("stepfunctions")
    aws.eventually(lambda: sfn.list_executions(stateMachineArn=workflow)["executions"])
    aws.eventually(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"))


def test_a_schedule_is_not_taken_for_a_pattern(aws):
    """A rule that has a schedule only must not be told of everything that happens."""
    events = aws.client("events")
    function, rule = deploy(aws, TELL), name()
    events.put_rule(Name=rule, ScheduleExpression="rate(1 day)")
    events.put_targets(Rule=rule, Targets=[{"Id": "f", "Arn": function}])
    answer = events.put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": "{}"}])
    assert answer["FailedEntryCount"] == 0
    aws.client("lambda").invoke(FunctionName=function, Payload=b'{"marker": 1}')
    assert aws.eventually(lambda: told(aws, function)) == [{"marker": 1}]
