"""Requests to DynamoDB, and what its answers say, for the contract tests."""

from __future__ import annotations


def key(pk, sk):
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def put(table, pk, sk, **attributes):
    item = {**key(pk, sk), **{k: {"N": str(v)} for k, v in attributes.items()}}
    return {"Put": {"TableName": table, "Item": item}}


def count_one(table, pk, sk, limit):
    return {
        "Update": {
            "TableName": table,
            "Key": key(pk, sk),
            "UpdateExpression": "ADD used :one",
            "ConditionExpression": "attribute_exists(pk) AND used < :limit",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":limit": {"N": str(limit)}},
        }
    }


def read(dynamodb, table, pk, sk):
    return dynamodb.get_item(TableName=table, Key=key(pk, sk), ConsistentRead=True).get("Item")


def code(error):
    return error.value.response["Error"]["Code"]


def reasons(error):
    return [reason["Code"] for reason in error.value.response["CancellationReasons"]]
