# By exact name.
data "iotda_instance" "this" {
  name = "iotda_instance"
}

# By ID. Waits for an instance that is still being created.
data "iotda_instance" "by_id" {
  instance_id       = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
  wait_until_active = true

  timeouts {
    read = "20m"
  }
}

output "device_mqtt" {
  value = data.iotda_instance.this.endpoints["DEVICE_MQTT"].url
}

output "urls" {
  value = { for type, endpoint in data.iotda_instance.this.endpoints : type => endpoint.url }
}
