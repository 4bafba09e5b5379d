"""HTTP in and out, one file a resource. No rules and no boto3."""
