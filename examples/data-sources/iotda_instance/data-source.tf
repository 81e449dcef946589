data "iotda_instance" "this" {
  instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
}

# The form that device SDKs and brokers take.
output "device_mqtt" {
  value = data.iotda_instance.this.endpoints["DEVICE_MQTT"].host_port
}
