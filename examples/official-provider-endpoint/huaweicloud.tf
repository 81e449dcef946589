provider "huaweicloud" {
  region = data.iotda_instance.this.region
  endpoints = {
    iotda = local.iotda_endpoint
  }
}

resource "huaweicloud_iotda_space" "plant" {
  name = "plant"
}
