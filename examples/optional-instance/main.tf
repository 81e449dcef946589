terraform {
  required_providers {
    iotda = {
      source = "iotda-rs/iotda"
    }
  }
}

provider "iotda" {}

variable "name" {
  type    = string
  default = "not-made-yet"
}

data "iotda_instances" "candidates" {
  name = var.name
}

locals {
  # The API matches names loosely, so the exact ones are picked here. Null where there is none; an error where there are several.
  instance = one([for found in data.iotda_instances.candidates.instances : found if found.name == var.name])
}

output "exists" {
  value = local.instance != null
}

output "mqtt_address" {
  value = try(local.instance.endpoints["DEVICE_MQTT"].host_port, "localhost:8883")
}
