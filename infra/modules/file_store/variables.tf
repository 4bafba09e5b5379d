variable "allowed_origin" {
  type        = string
  description = "Origin of the web page, the only one whose scripts may speak to the bucket."
  nullable    = false
}

variable "block_public_access_for_account" {
  type        = bool
  description = "Whether to block public access for every bucket of the account. Off where another team owns that setting."
  default     = false
  nullable    = false
}

variable "break_glass_principal_arns" {
  type        = list(string)
  description = "ARNs of roles or users that may read files past the product, for emergencies; every use is in CloudTrail."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.break_glass_principal_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[^*]+$", arn))])
    error_message = "Break-glass principals must be full ARNs of roles or users, without wildcards."
  }
}

variable "deleted_file_retention_days" {
  type        = number
  description = "Days a deleted file can still be brought back."
  default     = 30
  nullable    = false

  validation {
    condition     = var.deleted_file_retention_days >= 1
    error_message = "A deleted file must be kept for at least one day."
  }
}

variable "force_destroy" {
  type        = bool
  description = "Whether destroying the product destroys the files and logs with it."
  default     = false
  nullable    = false
}

variable "key_deletion_window_days" {
  type        = number
  description = "Days in which a deletion of the files' key can still be taken back."
  nullable    = false
}

variable "lifecycle_rules" {
  type        = bool
  description = "Whether the buckets tidy up by themselves: unfinished uploads, deleted files, old logs."
  default     = true
  nullable    = false
}

variable "log_retention_days" {
  type        = number
  description = "Days S3's access logs are kept."
  nullable    = false
}

variable "prefix" {
  type        = string
  description = "Start of the name of everything this module makes."
  nullable    = false
}

variable "reader_role_arns" {
  type        = list(string)
  description = "ARNs of the roles that may read objects: the signer of links and the completion of uploads."
  nullable    = false

  validation {
    condition     = length(var.reader_role_arns) > 0
    error_message = "At least the signer of links must be able to read, otherwise every download fails."
  }
}

variable "signature_age_limit_seconds" {
  type        = number
  description = "Age in seconds at which the bucket refuses a download link, whatever lifetime was signed into it."
  default     = 300
  nullable    = false

  validation {
    condition     = var.signature_age_limit_seconds >= 60 && var.signature_age_limit_seconds <= 3600
    error_message = "The signature age limit must be between 60 and 3600 seconds."
  }
}

variable "upload_signature_age_limit_seconds" {
  type        = number
  description = "Age in seconds at which the bucket refuses an upload form."
  default     = 960
  nullable    = false

  validation {
    condition     = var.upload_signature_age_limit_seconds >= 60 && var.upload_signature_age_limit_seconds <= 3600
    error_message = "The upload signature age limit must be between 60 and 3600 seconds."
  }
}
