terraform {
  required_providers {
    iotda = {
      source = "iotda-rs/iotda"
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

output "mqtt_addresses" {
  value = {
    for instance in data.iotda_instances.production.instances :
    instance.instance_id => instance.endpoints["DEVICE_MQTT"].host_port
  }
}
