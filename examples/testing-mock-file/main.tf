terraform {
  required_version = ">= 1.8"
  required_providers {
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
    }
  }
}

variable "instance_name" {
  type = string
}

data "iotda_instance" "this" {
  name = var.instance_name

  lifecycle {
    postcondition {
      condition     = self.status == "ACTIVE"
      error_message = "Instance ${self.name} is ${self.status}."
    }
  }
}

output "gateway_config" {
  value = {
    server    = data.iotda_instance.this.endpoints["DEVICE_MQTT"].url
    websocket = data.iotda_instance.this.endpoints["DEVICE_MQTT"].websocket_url
    api       = data.iotda_instance.this.endpoints["APP_HTTPS"].url
  }
}
