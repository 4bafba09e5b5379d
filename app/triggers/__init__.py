"""Handlers of the user pool's triggers (docs.aws.amazon.com/cognito, "Lambda triggers")."""
