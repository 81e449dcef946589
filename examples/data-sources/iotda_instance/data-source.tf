# By name, which is matched exactly.
data "iotda_instance" "this" {
  name = "iotda_instance"
}

# By ID; a read that waits for an instance which is still being made.
data "iotda_instance" "by_id" {
  instance_id       = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
  wait_until_active = true

  timeouts {
    read = "20m"
  }
}

# The form that device SDKs and brokers take.
output "device_mqtt" {
  value = data.iotda_instance.this.endpoints["DEVICE_MQTT"].host_port
}

output "urls" {
  value = { for type, endpoint in data.iotda_instance.this.endpoints : type => endpoint.url }
}
