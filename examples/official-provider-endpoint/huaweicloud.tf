# The region comes from the instance too, so that an unknown instance is an error and not the default endpoint.
provider "huaweicloud" {
  region = data.iotda_instance.this.region
  endpoints = {
    iotda = local.iotda_endpoint
  }
}

resource "huaweicloud_iotda_space" "plant" {
  name = "plant"
}
