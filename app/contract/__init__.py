"""The contract with clients: request and response models, problems, and the operation registry."""

VERSION = "0.1.0"  # of the contract, as its OpenAPI document states it
