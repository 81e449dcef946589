variable "device_secret" {
  type      = string
  sensitive = true
}

# The hour is an argument: the function gives the same for the same arguments, and reads no clock.
output "mqtt" {
  value     = provider::iotda::mqtt_credentials("gateway-1", var.device_secret, "2024011509", false)
  sensitive = true
}
