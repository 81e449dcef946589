# With all attributes of `iotda_instance`: one request for the list, and one for each instance.
data "iotda_instances" "production" {
  status = "ACTIVE"
  tags = {
    stage = "production"
  }
}

# Only the attributes in the list: one request for every 500 instances.
data "iotda_instances" "all" {
  include_details = false
}

output "production_mqtt" {
  value = [
    for instance in data.iotda_instances.production.instances : instance.endpoints["DEVICE_MQTT"].url
    if can(instance.endpoints["DEVICE_MQTT"]) # not every instance has every access type
  ]
}

output "count" {
  value = length(data.iotda_instances.all.ids)
}
