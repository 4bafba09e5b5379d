variable "key_deletion_window_days" {
  type        = number
  description = "Days in which a deletion of the topic's key can still be taken back."
  nullable    = false
}

variable "prefix" {
  type        = string
  description = "Start of the name of everything this module makes."
  nullable    = false
}

variable "publisher_role_arns" {
  type        = list(string)
  description = "ARNs of the roles that may publish; everybody else is denied."
  nullable    = false

  validation {
    condition     = length(var.publisher_role_arns) > 0
    error_message = "At least one role must be able to publish, otherwise no notification ever leaves."
  }
}

variable "subscription_protocols" {
  type        = list(string)
  description = "Protocols by which the topic can be subscribed to."
  default     = ["email"]
  nullable    = false

  validation {
    condition     = length(setintersection(var.subscription_protocols, ["http"])) == 0
    error_message = "Notifications never leave over plain http."
  }
}
