# Nothing here names an account or an address: endpoint, region and keys come from the environment
# (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), set by `make run`.
provider "aws" {
  # The embedded AWS answers at once or not at all; the default of 25 would wait for minutes.
  max_retries = 5

  default_tags {
    tags = {
      Product     = "waybill"
      Environment = "local"
    }
  }
}
