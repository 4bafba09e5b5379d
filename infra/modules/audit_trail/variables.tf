variable "deletion_protection" {
  type        = bool
  description = "Whether AWS refuses to delete the table."
  nullable    = false
}

variable "key_deletion_window_days" {
  type        = number
  description = "Days in which a deletion of the table's key can still be taken back."
  nullable    = false
}

variable "prefix" {
  type        = string
  description = "Start of the name of everything this module makes."
  nullable    = false
}
