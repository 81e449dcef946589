data "iotda_instance_tasks" "modifications" {
  instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
  type        = "MODIFY"
}

# The list does not include the progress of a task.
data "iotda_instance_task" "latest" {
  instance_id = data.iotda_instance_tasks.modifications.instance_id
  task_id     = data.iotda_instance_tasks.modifications.tasks[0].task_id
}

output "latest_modification" {
  value = "${data.iotda_instance_task.latest.status}, ${data.iotda_instance_task.latest.progress} %"
}
