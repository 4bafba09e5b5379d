"""What one request may cost, counted: AWS calls and Lambda invocations do not creep up unseen."""

import requests

from tests.journeys.conftest import download, share, uploaded


def calls_of(stack, act):
    """Every AWS call the embedded AWS answered while `act` ran, as `service:Operation`."""
    url = f"{stack.endpoint}/_local/calls"
    last = requests.get(url, timeout=5).json()["last"]
    act()
    calls = requests.get(url, params={"after": last}, timeout=5).json()["calls"]
    return [f"{call['service']}:{call['operation']}" for call in calls]


def test_a_download_makes_three_calls_beside_its_one_transaction_and_runs_three_functions(
    stack, ada, bob
):
    file_id = uploaded(ada)
    share(ada, file_id, bob, download_limit=50)
    download(bob, file_id)
    calls = calls_of(stack, lambda: download(bob, file_id))
    functions = [call for call in calls if call == "lambda:Invoke"]
    others = [call for call in calls if call != "lambda:Invoke"]
    assert sorted(others) == [
        "cognito-idp:AdminGetUser",
        "dynamodb:BatchGetItem",
        "dynamodb:TransactWriteItems",
        "states:StartSyncExecution",
    ]
    assert len(functions) == 3, "the API, deciding and signing"


def test_the_hundredth_download_reads_no_more_than_the_first(stack, ada, bob):
    """Known failure of others: the published sample reads one row more for every past download."""
    file_id = uploaded(ada)
    share(ada, file_id, bob)
    first = calls_of(stack, lambda: download(bob, file_id))
    for _ in range(98):
        download(bob, file_id)
    assert calls_of(stack, lambda: download(bob, file_id)) == first


def test_asking_who_one_is_makes_no_call_at_all(stack, ada):
    assert calls_of(stack, lambda: ada.api("GET", "/me")) == ["lambda:Invoke"]
