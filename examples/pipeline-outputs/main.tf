terraform {
  required_providers {
    iotda = {
      source = "iotda-rs/iotda"
    }
  }
}

provider "iotda" {}

data "iotda_instance" "this" {
  name = "iotda_instance"
}

output "application_url" {
  description = "Where applications call the instance's API."
  value       = data.iotda_instance.this.endpoints["APP_HTTPS"].url
}

output "amqp_address" {
  description = "Where applications fetch messages from."
  value       = data.iotda_instance.this.endpoints["APP_AMQP"].host_port
}

output "mqtt_address" {
  description = "Where devices connect to."
  value       = data.iotda_instance.this.endpoints["DEVICE_MQTT"].host_port
}

output "instance" {
  value = {
    id     = data.iotda_instance.this.id
    name   = data.iotda_instance.this.name
    region = data.iotda_instance.this.region
    status = data.iotda_instance.this.status
    tags   = data.iotda_instance.this.tags
  }
}
