terraform {
  required_version = ">= 1.0"
  required_providers {
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
    }
  }
}

provider "iotda" {}

data "iotda_instances" "production" {
  status = "ACTIVE"
  tags = {
    stage = "production"
  }
}

output "mqtt_urls" {
  value = {
    for instance in data.iotda_instances.production.instances :
    instance.instance_id => instance.endpoints["DEVICE_MQTT"].url
    if can(instance.endpoints["DEVICE_MQTT"]) # not every instance has every access type
  }
}
