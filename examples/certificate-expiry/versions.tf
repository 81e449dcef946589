terraform {
  required_version = ">= 1.5"
  required_providers {
    iotda = {
      source = "iotda-rs/iotda"
    }
    tls = {
      source = "hashicorp/tls"
    }
  }
}
