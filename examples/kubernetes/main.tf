data "iotda_instance" "this" {
  name = "iotda_instance"
}

variable "device_id" {
  type    = string
  default = "gateway-1"
}

# Ephemeral: neither the plan nor the state contains it, or anything computed from it.
variable "device_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

locals {
  config = {
    IOTDA_URL  = data.iotda_instance.this.endpoints["APP_HTTPS"].url
    IOTDA_MQTT = data.iotda_instance.this.endpoints["DEVICE_MQTT"].url
    IOTDA_AMQP = data.iotda_instance.this.endpoints["APP_AMQP"].url
  }
  # `false`: the platform does not check the timestamp, so the password never expires.
  credentials = provider::iotda::mqtt_credentials(var.device_id, var.device_secret, "2024011509", false)
}

output "config" {
  value = local.config
}
