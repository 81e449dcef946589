terraform {
  required_version = ">= 1.0"
  required_providers {
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
    }
  }
}

provider "iotda" {}

variable "name" {
  type    = string
  default = "not-created-yet"
}

data "iotda_instances" "candidates" {
  name = var.name
}

locals {
  # The API also returns similar names, so this selects the exact one: null if there is none, an error if there are several.
  instance = one([for found in data.iotda_instances.candidates.instances : found if found.name == var.name])
}

output "exists" {
  value = local.instance != null
}

output "mqtt_url" {
  value = try(local.instance.endpoints["DEVICE_MQTT"].url, "mqtt://localhost:1883")
}
