data "iotda_instance" "this" {
  name = "iotda_instance"
}

locals {
  url = data.iotda_instance.this.endpoints["APP_HTTPS"].url
}

output "url" {
  value = local.url
}
