data "iotda_instance" "this" {
  name = "iotda_instance"
}

variable "device_id" {
  type    = string
  default = "gateway-1"
}

variable "device_secret" {
  type      = string
  sensitive = true
}

locals {
  config = {
    IOTDA_URL  = data.iotda_instance.this.endpoints["APP_HTTPS"].url
    IOTDA_MQTT = data.iotda_instance.this.endpoints["DEVICE_MQTT"].host_port
    IOTDA_AMQP = data.iotda_instance.this.endpoints["APP_AMQP"].host_port
  }
  # The platform does not check the hour, so it may be any that stays as it is: no new secret with each plan.
  credentials = provider::iotda::mqtt_credentials(var.device_id, var.device_secret, "2024011509", false)
}

output "config" {
  value = local.config
}

output "credential_names" {
  value = keys(nonsensitive({ for name, value in local.credentials : name => null }))
}
