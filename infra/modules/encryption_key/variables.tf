variable "deletion_window_days" {
  type        = number
  description = "Days between asking for the key's deletion and its end, in which it can still be saved."
  nullable    = false

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30
    error_message = "The deletion window must be between 7 and 30 days."
  }
}

variable "description" {
  type        = string
  description = "One sentence on what the key encrypts."
  nullable    = false
}

variable "log_groups" {
  type        = list(string)
  description = "Names of the log groups CloudWatch Logs may encrypt with the key; * stands for any text inside a name."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.log_groups : name != "*"])
    error_message = "A log group pattern must name the product: * alone would serve every log of the account."
  }
}

variable "name" {
  type        = string
  description = "Name of the key's alias, without alias/."
  nullable    = false
}

variable "used_through" {
  type = map(object({
    actions  = list(string)
    by_grant = optional(bool, false)
  }))
  description = "Services the key may be used through (first label of the endpoint: s3, dynamodb, sns), the actions, and whether the service keeps a grant."
  default     = {}
  nullable    = false
}
