data "iotda_instance_tasks" "failed" {
  instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
  status      = "FAILED"
}

# The newest comes first; null where there is none.
output "last_failure" {
  value = try(data.iotda_instance_tasks.failed.tasks[0].status_detail, null)
}
