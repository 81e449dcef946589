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

data "iotda_instance" "this" {
  name = "iotda_instance"
}

output "application_url" {
  description = "URL at which applications call the API of the instance."
  value       = data.iotda_instance.this.endpoints["APP_HTTPS"].url
}

output "amqp_url" {
  description = "URL from which applications fetch messages."
  value       = data.iotda_instance.this.endpoints["APP_AMQP"].url
}

output "mqtt_url" {
  description = "URL to which devices connect."
  value       = data.iotda_instance.this.endpoints["DEVICE_MQTT"].url
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
