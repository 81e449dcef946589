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

variable "topics" {
  description = "Topics of the local broker that are passed on."
  type        = list(string)
  default     = ["line-1/#", "line-2/#"]
}

output "bridge_conf" {
  value = templatefile("${path.module}/bridge.conf.tftpl", {
    mqtt   = data.iotda_instance.this.endpoints["DEVICE_MQTT"]
    topics = var.topics
  })
}
