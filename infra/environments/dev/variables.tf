variable "account_id" {
  type        = string
  description = "Account this environment lives in; any other is refused."
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "The account id must be 12 digits."
  }
}

variable "allowed_origin" {
  type        = string
  description = "Origin of the web page."
  nullable    = false
}

variable "callback_urls" {
  type        = list(string)
  description = "Addresses managed login may send a person back to: web page and command line."
  nullable    = false
}

variable "custom_domain" {
  type = object({
    name            = optional(string, "")
    certificate_arn = optional(string, "")
  })
  description = "Address of one's own for the API and the ARN of its certificate; without one, TLS below 1.2 is not refused."
  default     = {}
  nullable    = false
}

variable "logout_urls" {
  type        = list(string)
  description = "Addresses managed login may send a person to after signing out."
  nullable    = false
}

variable "mail_sender" {
  type = object({
    source_arn = optional(string, "")
    from       = optional(string, "")
  })
  description = "Verified SES identity (ARN) and address that codes are sent from; empty for Cognito's own sender."
  default     = {}
  nullable    = false
}

variable "manage_api_gateway_account" {
  type        = bool
  description = "Whether to set the role by which API Gateway writes logs in this region; off where it is set already."
  default     = true
  nullable    = false
}

variable "permissions_boundary_arn" {
  type        = string
  description = "ARN of the permissions boundary put on every role; empty for none."
  default     = ""
  nullable    = false
}

variable "region" {
  type        = string
  description = "Region everything is in."
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Tags put on everything, beside Product and Environment."
  default     = {}
  nullable    = false
}

variable "web_acl_arn" {
  type        = string
  description = "ARN of a regional WAF web ACL to put before the API; empty for none."
  default     = ""
  nullable    = false
}

variable "web_url" {
  type        = string
  description = "Address of the web page."
  nullable    = false
}
