data "iotda_instance" "this" {
  name = "iotda_instance"
}

variable "zone_name" {
  type    = string
  default = "plant.example.com."
}

locals {
  aliases = {
    api  = "APP_HTTPS"
    mqtt = "DEVICE_MQTT"
  }
  records = {
    for alias, type in local.aliases :
    "${alias}.${var.zone_name}" => "${data.iotda_instance.this.endpoints[type].domain_name}."
  }
}

output "records" {
  value = local.records
}
