# The region comes from the instance too, so that an unknown endpoint is an error instead of the default host.
provider "huaweicloud" {
  region = data.iotda_instance.this.region
  endpoints = {
    iotda = local.iotda_endpoint
  }
}

resource "huaweicloud_iotda_space" "plant" {
  name = "plant"
}
