terraform {
  required_version = ">= 1.8"
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

variable "topics" {
  description = "Topics of the local broker that the bridge forwards."
  type        = list(string)
  default     = ["line-1/#", "line-2/#"]
}

variable "device_id" {
  description = "ID of the device that the bridge connects as."
  type        = string
  default     = "gateway-1"
}

variable "device_secret" {
  description = "Secret of that device."
  type        = string
  sensitive   = true
}

variable "ca_file" {
  description = "Path, on the broker's machine, of the CA bundle that issued the instance's certificate."
  type        = string
  default     = "/etc/mosquitto/certs/iotda-ca.pem"
}

output "bridge_conf" {
  sensitive = true
  value = templatefile("${path.module}/bridge.conf.tftpl", {
    mqtt = data.iotda_instance.this.endpoints["DEVICE_MQTT"]
    # `false`: the platform does not check the timestamp, so the password never expires.
    credentials = provider::iotda::mqtt_credentials(var.device_id, var.device_secret, "2024011509", false)
    ca_file     = var.ca_file
    topics      = var.topics
  })
}
