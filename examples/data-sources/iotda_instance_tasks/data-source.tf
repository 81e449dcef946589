data "iotda_instance_tasks" "this" {
  instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
}

# The newest comes first.
output "tasks" {
  value = [for task in data.iotda_instance_tasks.this.tasks : "${task.type}: ${task.status}"]
}

# To read only these, set `status = "FAILED"`.
output "failures" {
  value = [for task in data.iotda_instance_tasks.this.tasks : task.status_detail if task.status == "FAILED"]
}
