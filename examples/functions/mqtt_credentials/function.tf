variable "device_secret" {
  type      = string
  sensitive = true
}

# The hour is an argument: the function gives the same for the same arguments, and reads no clock.
output "mqtt" {
  value     = provider::iotda::mqtt_credentials("gateway-1", var.device_secret, "2024011509", false)
  sensitive = true
}

# Of a sensitive secret all that is made is sensitive, though this need not be.
output "mqtt_client_id" {
  value = nonsensitive(provider::iotda::mqtt_credentials("gateway-1", var.device_secret, "2024011509", false).client_id)
}
