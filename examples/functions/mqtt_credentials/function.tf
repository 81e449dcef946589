variable "device_secret" {
  type      = string
  sensitive = true
}

# The timestamp is an argument: the function reads no clock, and returns the same for the same arguments.
output "mqtt" {
  value     = provider::iotda::mqtt_credentials("gateway-1", var.device_secret, "2024011509", false)
  sensitive = true
}

# Everything computed from a sensitive secret is sensitive. The client ID need not be.
output "mqtt_client_id" {
  value = nonsensitive(provider::iotda::mqtt_credentials("gateway-1", var.device_secret, "2024011509", false).client_id)
}
