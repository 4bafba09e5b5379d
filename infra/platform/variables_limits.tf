# How long, how many, how fast.

variable "access_token_minutes" {
  type        = number
  description = "Minutes an access token lives, 5 to 15."
  default     = 5
  nullable    = false
}

variable "audit_retention_days" {
  type        = number
  description = "Days audit records and S3's access logs are kept."
  default     = 730
  nullable    = false

  validation {
    condition     = var.audit_retention_days >= 90 && floor(var.audit_retention_days) == var.audit_retention_days
    error_message = "Audit records must be kept for a whole number of days, at least 90."
  }
}

variable "function_concurrency" {
  type        = map(number)
  description = "Concurrent executions kept for a function, by its key (api, sign_link, ...); one not named shares the account's pool."
  default     = {}
  nullable    = false
}

variable "key_deletion_window_days" {
  type        = number
  description = "Days in which the deletion of an encryption key can still be taken back, 7 to 30."
  default     = 30
  nullable    = false
}

variable "largest_download_limit" {
  type        = number
  description = "Largest number of downloads one share may allow."
  default     = 1000
  nullable    = false

  validation {
    condition     = var.largest_download_limit >= 1
    error_message = "A share must be able to allow at least one download."
  }
}

variable "link_lifetime_seconds" {
  type        = number
  description = "Seconds a download link lives."
  default     = 120
  nullable    = false

  validation {
    condition     = var.link_lifetime_seconds >= 60 && var.link_lifetime_seconds <= var.signature_age_limit_seconds
    error_message = "A link must live at least 60 seconds, and no longer than the bucket accepts its signature (signature_age_limit_seconds)."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days CloudWatch keeps the logs of functions, workflows and API."
  default     = 365
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days only."
  }
}

variable "longest_share_days" {
  type        = number
  description = "Days after which every share has expired, whatever its owner chose."
  default     = 90
  nullable    = false

  validation {
    condition     = var.longest_share_days >= 1 && var.longest_share_days <= 3650
    error_message = "Shares must be able to last between 1 and 3650 days."
  }
}

variable "refresh_token_hours" {
  type        = number
  description = "Hours after which a person signs in again, 1 to 24."
  default     = 12
  nullable    = false
}

variable "signature_age_limit_seconds" {
  type        = number
  description = "Age in seconds at which the bucket refuses a download link, whatever lifetime was signed into it."
  default     = 300
  nullable    = false
}

variable "throttling" {
  type = object({
    requests_per_second = optional(number, 100)
    burst_requests      = optional(number, 200)
  })
  description = "Requests a second, and at once, above which API Gateway answers 429."
  default     = {}
  nullable    = false
}

variable "upload_lifetime_seconds" {
  type        = number
  description = "Seconds an upload form lives: the time in which the upload must begin."
  default     = 900
  nullable    = false

  validation {
    condition     = var.upload_lifetime_seconds >= 60 && var.upload_lifetime_seconds <= 3540
    error_message = "An upload form must live between 60 and 3540 seconds."
  }
}
