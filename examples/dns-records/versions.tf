terraform {
  required_providers {
    huaweicloud = {
      source = "huaweicloud/huaweicloud"
    }
    iotda = {
      source = "iotda-rs/iotda"
    }
  }
}
