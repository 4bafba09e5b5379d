# What each workflow may do by itself, besides calling the steps its definition names. A transaction
# needs the right of each of its parts: ConditionCheckItem, PutItem, UpdateItem.

locals {
  workflow_rights = merge({
    start_upload = {
      LookUpThePerson    = local._look_up_people
      StoreTheUpload     = { actions = ["dynamodb:ConditionCheckItem", "dynamodb:PutItem"], resources = [var.permission_store.table_arn] }
      DecryptPermissions = local._decrypt_permissions
      RecordTheAttempt   = local._record_attempts
      DecryptAudit       = local._decrypt_audit
    }

    complete_upload = {
      LookUpThePerson    = local._look_up_people
      FinishTheUpload    = { actions = ["dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:UpdateItem"], resources = [var.permission_store.table_arn] }
      DecryptPermissions = local._decrypt_permissions
      LookAtTheUpload    = { actions = ["s3:GetObject"], resources = [local._user_files] }
      DecryptFiles       = { actions = ["kms:Decrypt"], resources = [var.file_store.key_arn], only_through = local._s3 }
      RecordTheAttempt   = local._record_attempts
      DecryptAudit       = local._decrypt_audit
    }

    share_file = {
      LookUpThePerson      = local._look_up_people
      StoreTheShares       = { actions = ["dynamodb:ConditionCheckItem", "dynamodb:PutItem"], resources = [var.permission_store.table_arn] }
      DecryptPermissions   = local._decrypt_permissions
      RecordTheAttempt     = local._record_attempts
      DecryptAudit         = local._decrypt_audit
      NotifyRecipients     = { actions = ["sns:Publish"], resources = [var.notifications.topic_arn] }
      EncryptNotifications = { actions = ["kms:Decrypt", "kms:GenerateDataKey"], resources = [var.notifications.key_arn], only_through = local._sns }
    }

    download_file = {
      LookUpThePerson    = local._look_up_people
      CountTheDownload   = { actions = ["dynamodb:ConditionCheckItem", "dynamodb:UpdateItem"], resources = [var.permission_store.table_arn] }
      DecryptPermissions = local._decrypt_permissions
      RecordTheAttempt   = local._record_attempts
      DecryptAudit       = local._decrypt_audit
    }
  }, var.extra_workflow_rights)

  _look_up_people = { actions = ["cognito-idp:AdminGetUser"], resources = [var.identity.user_pool_arn] }

  # Put, never update or delete: a workflow cannot touch a record that is there.
  _record_attempts = { actions = ["dynamodb:PutItem"], resources = [var.audit_trail.table_arn] }
}

locals {
  # Who is named in the topic's and the bucket's own policies follows from the rights above.
  _publishers = [for workflow, rights in local.workflow_rights : workflow if anytrue([for right in rights : contains(right.actions, "sns:Publish")])]
  _readers    = [for workflow, rights in local.workflow_rights : workflow if anytrue([for right in rights : contains(right.actions, "s3:GetObject")])]
}
