terraform {
  required_version = ">= 1.8"
  required_providers {
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
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
  # `false`: the platform does not check the timestamp, so the password never expires. With `true`, it rejects an outdated
  # timestamp: use formatdate("YYYYMMDDhh", plantimestamp()), which results in a new password every hour.
  credentials = provider::iotda::mqtt_credentials(var.device_id, var.device_secret, "2024011509", false)
}

output "device" {
  sensitive = true
  value = merge(local.credentials, {
    server = data.iotda_instance.this.endpoints["DEVICE_MQTT"].url
  })
}
