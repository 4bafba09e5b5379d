variable "allowed_origin" {
  type        = string
  description = "Origin of the web page, the only one whose scripts may call the API."
  nullable    = false

  validation {
    condition     = can(regex("^https?://[^/*]+$", var.allowed_origin))
    error_message = "The allowed origin must be scheme and host, without a path and without wildcards."
  }
}

variable "audit_trail" {
  type = object({
    key_arn    = string
    table_arn  = string
    table_name = string
  })
  description = "The audit table (module audit_trail)."
  nullable    = false
}

variable "client_ids" {
  type        = list(string)
  description = "Ids of the user pool clients whose access tokens the API accepts."
  nullable    = false

  validation {
    condition     = length(var.client_ids) > 0
    error_message = "At least one client must be accepted, otherwise every request is refused."
  }
}

variable "custom_domain" {
  type = object({
    name            = optional(string, "")
    certificate_arn = optional(string, "")
  })
  description = "Address of one's own for the API and the ARN of its certificate in ACM; empty for the address AWS gives."
  default     = {}
  nullable    = false

  validation {
    condition     = (var.custom_domain.name == "") == (var.custom_domain.certificate_arn == "")
    error_message = "A custom domain needs both its name and the ARN of its certificate."
  }
}

variable "function_concurrency" {
  type        = number
  description = "Concurrent executions kept for the API's function; -1 shares the account's pool."
  default     = -1
  nullable    = false
}

variable "gateway_document_file" {
  type        = string
  description = "Path of the OpenAPI 3.0 document with API Gateway extensions, placeholders in strings."
  nullable    = false
}

variable "identity" {
  type = object({
    user_pool_arn = string
    user_pool_id  = string
  })
  description = "The user pool whose access tokens the API accepts (module identity)."
  nullable    = false
}

variable "limits" {
  type = object({
    audit_retention_days    = number
    largest_download_limit  = number
    link_lifetime_seconds   = number
    longest_share_days      = number
    upload_lifetime_seconds = number
    upload_limit_bytes      = number
  })
  description = "The figures requests are checked against."
  nullable    = false
}

variable "log_retention_days" {
  type        = number
  description = "Days CloudWatch keeps the API's logs."
  nullable    = false
}

variable "logs_key_arn" {
  type        = string
  description = "ARN of the KMS key that encrypts log groups."
  nullable    = false
}

variable "manage_api_gateway_account" {
  type        = bool
  description = "Whether to set the role by which API Gateway writes logs: one setting a region, for every API of the account."
  default     = false
  nullable    = false
}

variable "package" {
  type = object({
    architecture = string
    bucket       = string
    key          = string
    runtime      = string
    sha256       = string
    version      = string
  })
  description = "The code of every function (module package)."
  nullable    = false
}

variable "permission_store" {
  type = object({
    index_arns = string
    key_arn    = string
    table_arn  = string
    table_name = string
  })
  description = "The permissions table (module permission_store)."
  nullable    = false
}

variable "permissions_boundary_arn" {
  type        = string
  description = "ARN of the permissions boundary put on every role; empty for none."
  default     = ""
  nullable    = false
}

variable "prefix" {
  type        = string
  description = "Start of the name of everything this module makes."
  nullable    = false
}

variable "state_machine_arns" {
  type        = map(string)
  description = "ARN of each state machine the API may start, by workflow."
  nullable    = false
}

variable "throttling" {
  type = object({
    requests_per_second = optional(number, 100)
    burst_requests      = optional(number, 200)
  })
  description = "Requests a second, and at once, above which API Gateway answers 429; for all callers together."
  default     = {}
  nullable    = false

  validation {
    condition     = var.throttling.requests_per_second > 0 && var.throttling.burst_requests > 0
    error_message = "Throttling limits must be above zero, otherwise every request is refused."
  }
}

variable "web_acl_arn" {
  type        = string
  description = "ARN of a regional WAF web ACL to put before the API; empty for none."
  default     = ""
  nullable    = false
}
