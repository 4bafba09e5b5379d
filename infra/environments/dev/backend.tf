# Bucket and region belong to the account: terraform init -backend-config=backend.hcl (see
# backend.hcl.example). The lock is an object beside the state; no table is needed.
terraform {
  backend "s3" {
    key          = "waybill/dev.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
