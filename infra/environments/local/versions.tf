terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }

  # A file on this machine; two runs side by side name one each (-state).
  backend "local" {}
}
