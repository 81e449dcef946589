terraform {
  required_version = ">= 1.0"
  required_providers {
    huaweicloud = {
      source  = "huaweicloud/huaweicloud"
      version = "~> 1.97"
    }
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
    }
  }
}
