terraform {
  required_version = ">= 1.0"
  required_providers {
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
    }
  }
}

provider "iotda" {
  region     = "cn-north-4"
  access_key = var.access_key
  secret_key = var.secret_key
}

variable "access_key" {
  type      = string
  sensitive = true
}

variable "secret_key" {
  type      = string
  sensitive = true
}

data "iotda_instance" "plant" {
  instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
}

output "plant_https" {
  value = data.iotda_instance.plant.endpoints["APP_HTTPS"].url
}
