"""The contract with clients: request and response models, problems, and the operation registry."""
