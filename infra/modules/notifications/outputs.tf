# Without the topic policy: the roles that policy names are made by whoever reads this output.
output "topic" {
  description = "The topic that carries every event: its ARN, and the ARN of its key, which publishers need through SNS."
  value = {
    key_arn   = module.key.arn
    topic_arn = aws_sns_topic.events.arn
  }
}
