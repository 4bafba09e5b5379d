"""Commands that build, run, measure and check the product, and are no part of it."""
