"""The rules: values in, decisions out. Standard library only; no AWS, no clock, no environment."""
