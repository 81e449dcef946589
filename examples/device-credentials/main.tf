terraform {
  required_version = ">= 1.8"
  required_providers {
    iotda = {
      source = "iotda-rs/iotda"
    }
  }
}

provider "iotda" {}

variable "device_id" {
  type    = string
  default = "gateway-1"
}

variable "device_secret" {
  type      = string
  sensitive = true
}

data "iotda_instance" "this" {
  name = "iotda_instance"
}

locals {
  # A fixed hour, which the platform is told not to check. With `true` it refuses an hour that is too old; then
  # formatdate("YYYYMMDDhh", timestamp()) gives the present one, and another password with each.
  credentials = provider::iotda::mqtt_credentials(var.device_id, var.device_secret, "2024011509", false)
}

output "device" {
  sensitive = true
  value = merge(local.credentials, {
    server = data.iotda_instance.this.endpoints["DEVICE_MQTT"].url
  })
}
