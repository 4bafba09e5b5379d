provider "aws" {
  region = var.region

  # The wrong account stops the plan, before anything is made in it.
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = merge({
      Product     = "waybill"
      Environment = "dev"
    }, var.tags)
  }
}
