terraform {
  required_version = ">= 1.5"
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
