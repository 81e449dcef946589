terraform {
  required_providers {
    iotda = {
      source = "iotda-rs/iotda"
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
