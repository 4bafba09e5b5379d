"""The published sample's five Lambda tasks of a download, with its AWS calls in its order.

aws-samples/aws-stepfunctions-examples, cdk/serverless-file-share: validate, get user info (Cognito
AdminGetUser), authorize (Query the recipient's row; Query the recipient's past downloads and count
them), audit (PutItem), process (presign a GET). Zipped alone; nothing here is Waybill's.
"""

import os
import time
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key
from botocore.config import Config

Event = dict[str, Any]

RESOURCE = boto3.resource("dynamodb")
FILES = RESOURCE.Table(os.environ["FILES_TABLE"])
DOWNLOADS = RESOURCE.Table(os.environ["DOWNLOADS_TABLE"])
COGNITO = boto3.client("cognito-idp")
S3 = boto3.client("s3", config=Config(signature_version="s3v4"))


def validate(event: Event, _context: object) -> Event:
    if not (isinstance(event.get("fileId"), str) and isinstance(event.get("userId"), str)):
        raise TypeError("invalid request")
    return event


def get_user_info(event: Event, _context: object) -> Event:
    user = COGNITO.admin_get_user(UserPoolId=os.environ["USER_POOL_ID"], Username=event["userId"])
    attributes = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
    return {**event, "email": attributes["email"]}


def authorize(event: Event, _context: object) -> Event:
    recipient = Key("fileId").eq(event["fileId"]) & Key("recipientEmail").eq(event["email"])
    (row,) = FILES.query(KeyConditionExpression=recipient)["Items"]
    mine = Key("fileId").eq(event["fileId"]) & Key("downloadId").begins_with(event["userId"])
    downloads = DOWNLOADS.query(KeyConditionExpression=mine)["Items"]
    if len(downloads) >= row["downloadLimit"] or row["expiryDate"] < time.time():
        raise PermissionError("not authorized")
    return {**event, "key": row["key"], "filename": row["filename"]}


def audit(event: Event, _context: object) -> Event:
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{time.time_ns() % 10**9}Z"
    DOWNLOADS.put_item(
        Item={
            "fileId": event["fileId"],
            "downloadId": f"{event['userId']}#{now}",
            "userId": event["userId"],
            "dateTimeStamp": now,
        }
    )
    return event


def process(event: Event, _context: object) -> Event:
    where = {"Bucket": os.environ["BUCKET"], "Key": event["key"]}
    return {"downloadUrl": S3.generate_presigned_url("get_object", Params=where, ExpiresIn=900)}
