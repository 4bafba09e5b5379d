output "function_names" {
  description = "Name of each step's function, by key."
  value       = { for key, step in module.step : key => step.name }
}

# These two come from the roles alone: the bucket and the topic name them in their policies, and the
# workflows name the bucket and the topic.
output "publisher_role_arns" {
  description = "ARNs of the roles that publish notifications."
  value       = [for workflow in local.workflows : aws_iam_role.workflow[workflow].arn if contains(local._publishers, workflow)]
}

output "reader_role_arns" {
  description = "ARNs of the roles that read objects: the signer of links and the completion of uploads."
  value = concat(
    [module.step["sign_link"].role_arn],
    [for workflow in local.workflows : aws_iam_role.workflow[workflow].arn if contains(local._readers, workflow)],
  )
}

output "state_machine_arns" {
  description = "ARN of each state machine, by workflow."
  value       = { for workflow, machine in aws_sfn_state_machine.workflow : workflow => machine.arn }
}
