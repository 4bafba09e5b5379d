"""What the embedded AWS refuses although AWS would run it, said before it is deployed."""

from __future__ import annotations

import json

from local.step_functions.validation import problems


def test_jsonata_is_refused_wherever_it_is_asked_for():
    state = {"Type": "Succeed", "QueryLanguage": "JSONata"}
    whole = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    for definition in (whole, {"StartAt": "A", "States": {"A": state}}):
        [problem] = problems(json.dumps(definition))
        assert "JSONPath definitions only" in problem.message
        assert problem.location.endswith("/QueryLanguage")
