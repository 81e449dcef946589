terraform {
  required_version = ">= 1.5"
  required_providers {
    huaweicloud = {
      source = "huaweicloud/huaweicloud"
    }
    iotda = {
      source = "iotda-rs/iotda"
    }
  }
}
