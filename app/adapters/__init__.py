"""boto3 behind the ports, one file a port. Owns keys and conditional writes; decides nothing."""
