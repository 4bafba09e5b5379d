"""Lambda: what a function is given, what its caller is answered, what its log says."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.local.functions import ROLE, deploy, invoke, logged, zipped

ECHO = "def handler(event, context):\n    return event\n"


@pytest.mark.gap
def test_a_function_answers_with_what_it_returns(aws):
    answer, payload = invoke(aws, deploy(aws, ECHO), {"name": "Zoë", "n": [1, 2.5, None]})
    assert payload == {"name": "Zoë", "n": [1, 2.5, None]}
    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer


@pytest.mark.gap
def test_an_exception_is_an_unhandled_function_error_with_its_trace(aws):
    source = """
        class FileGone(Exception):
            pass

        def handler(event, context):
            raise FileGone("no such file")
    """
    answer, payload = invoke(aws, deploy(aws, source), {})
    assert answer["FunctionError"] == "Unhandled"
    assert payload["errorType"] == "FileGone"
    assert payload["errorMessage"] == "no such file"
    assert "in handler" in payload["stackTrace"][-1]
    assert len(payload["stackTrace"]) == 1


@pytest.mark.gap
def test_a_function_that_takes_too_long_is_ended(aws):
    source = "import time\ndef handler(event, context):\n    print('begun', flush=True)\n    time.sleep(30)\n"
    arn = deploy(aws, source, Timeout=1)
    started = time.monotonic()
    answer, payload = invoke(aws, arn, {})
    assert time.monotonic() - started < 15
    assert answer["FunctionError"] == "Unhandled"
    assert payload["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 1.00 seconds" in payload["errorMessage"]
    aws.eventually(lambda: "Task timed out after 1.00 seconds" in logged(aws, arn))
    assert "begun" in logged(aws, arn)


@pytest.mark.gap
def test_a_function_that_leaves_its_process_is_an_exit_error(aws):
    source = "import os\ndef handler(event, context):\n    os._exit(3)\n"
    answer, payload = invoke(aws, deploy(aws, source), {})
    assert answer["FunctionError"] == "Unhandled"
    assert payload["errorType"] == "Runtime.ExitError"
    assert "exit status 3" in payload["errorMessage"]


@pytest.mark.gap
def test_a_result_that_is_not_json_is_a_marshal_error(aws):
    source = "def handler(event, context):\n    return object()\n"
    answer, payload = invoke(aws, deploy(aws, source), {})
    assert answer["FunctionError"] == "Unhandled"
    assert payload["errorType"] == "Runtime.MarshalError"


@pytest.mark.gap
@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import nothing_of_that_name", "Runtime.ImportModuleError"),
        ("def other(event, context): pass", "Runtime.HandlerNotFound"),
        ("def handler(:", "Runtime.UserCodeSyntaxError"),
    ],
)
def test_a_function_that_cannot_be_loaded_says_why(aws, source, error):
    answer, payload = invoke(aws, deploy(aws, source), {})
    assert answer["FunctionError"] == "Unhandled"
    assert payload["errorType"] == error


@pytest.mark.gap
def test_a_payload_that_is_not_json_is_refused(aws):
    with pytest.raises(ClientError) as refused:
        aws.client("lambda").invoke(FunctionName=deploy(aws, ECHO), Payload=b"{")
    assert refused.value.response["Error"]["Code"] == "InvalidRequestContentException"


@pytest.mark.gap
def test_the_context_names_the_function_and_the_time_left(aws):
    source = """
        def handler(event, context):
            return {
                "name": context.function_name,
                "version": context.function_version,
                "arn": context.invoked_function_arn,
                "memory": context.memory_limit_in_mb,
                "left": context.get_remaining_time_in_millis(),
                "request": context.aws_request_id,
            }
    """
    arn = deploy(aws, source, MemorySize=256, Timeout=10)
    _, told = invoke(aws, arn, {})
    assert told["arn"] == arn
    assert told["name"] == arn.split(":")[6]
    assert told["version"] == "$LATEST"
    assert told["memory"] == "256"
    assert 5000 < told["left"] <= 10000
    assert str(uuid.UUID(told["request"])) == told["request"]


@pytest.mark.gap
def test_the_environment_is_the_functions_own_and_awss(aws, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_HOST", "1")
    source = "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    arn = deploy(aws, source, Environment={"Variables": {"TABLE": "permissions"}})
    _, environment = invoke(aws, arn, {})
    assert environment["TABLE"] == "permissions"
    assert environment["AWS_REGION"] == aws.region
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == arn.split(":")[6]
    assert environment["_HANDLER"] == "app.handler"
    assert environment["TZ"] == ":UTC"
    assert environment["AWS_SESSION_TOKEN"]
    assert not {"SECRET_OF_THE_HOST", "HOME", "PYTHONPATH", "VIRTUAL_ENV"} & set(environment)


@pytest.mark.gap
def test_a_function_acts_as_its_role(aws):
    source = """
        import boto3

        def handler(event, context):
            return boto3.client("sts").get_caller_identity()["Arn"]
    """
    _, arn = invoke(aws, deploy(aws, source, Timeout=30), {})
    assert f":assumed-role/{ROLE.rpartition('/')[2]}/" in arn


@pytest.mark.gap
def test_a_function_sees_only_its_zip_and_what_lambda_provides(aws):
    source = """
        import importlib.util

        def handler(event, context):
            return [name for name in event if importlib.util.find_spec(name)]
    """
    arn = deploy(aws, source)
    _, found = invoke(aws, arn, ["boto3", "json", "moto", "pytest", "pip"])
    assert found == ["boto3", "json"]


@pytest.mark.gap
def test_a_dry_run_runs_nothing(aws):
    arn = deploy(aws, "def handler(event, context):\n    print('ran')\n")
    answer, _ = invoke(aws, arn, {}, InvocationType="DryRun")
    assert answer["StatusCode"] == 204
    invoke(aws, arn, {}, LogType="Tail")
    aws.eventually(lambda: logged(aws, arn))
    assert logged(aws, arn).count("ran") == 1


@pytest.mark.gap
def test_an_event_is_accepted_at_once_and_retried_twice_when_it_fails(aws):
    source = "def handler(event, context):\n    print('try')\n    raise RuntimeError('no')\n"
    arn = deploy(aws, source)
    answer, _ = invoke(aws, arn, {}, InvocationType="Event")
    assert answer["StatusCode"] == 202
    aws.eventually(lambda: logged(aws, arn).splitlines().count("try") == 3)


@pytest.mark.gap
def test_new_code_and_new_configuration_are_used_from_the_next_call(aws):
    client = aws.client("lambda")
    source = "import os\nhandler = lambda event, context: [{}, os.environ.get('COLOUR')]\n"
    arn = deploy(aws, source.format(1))
    assert invoke(aws, arn, {})[1] == [1, None]
    client.update_function_code(FunctionName=arn, ZipFile=zipped(source.format(2)))
    assert invoke(aws, arn, {})[1] == [2, None]
    client.update_function_configuration(
        FunctionName=arn, Environment={"Variables": {"COLOUR": "red"}}
    )
    assert invoke(aws, arn, {})[1] == [2, "red"]


@pytest.mark.gap
def test_calls_beyond_the_number_of_workers_are_all_answered(aws):
    source = "import time\ndef handler(event, context):\n    time.sleep(0.05)\n    return event\n"
    arn = deploy(aws, source)
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda n: invoke(aws, arn, n)[1], range(48)))
    assert answers == list(range(48))


@pytest.mark.gap
def test_a_worker_stays_warm_between_calls(aws):
    arn = deploy(
        aws,
        "calls = []\ndef handler(event, context):\n    calls.append(1)\n    return len(calls)\n",
    )
    assert [invoke(aws, arn, {})[1] for _ in range(3)] == [1, 2, 3]


def test_a_function_that_does_not_exist_is_not_found(aws):
    with pytest.raises(ClientError) as refused:
        aws.client("lambda").invoke(FunctionName="no-such-function")
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
