terraform {
  required_version = ">= 1.8"
  required_providers {
    iotda = {
      source = "iotda-rs/iotda"
    }
    kubernetes = {
      source = "hashicorp/kubernetes"
    }
  }
}
