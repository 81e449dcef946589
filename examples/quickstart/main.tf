terraform {
  required_version = ">= 1.0"
  required_providers {
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
    }
  }
}

# Region and credentials come from the environment: HW_REGION_NAME, HW_ACCESS_KEY and HW_SECRET_KEY.
provider "iotda" {}

data "iotda_instance" "this" {
  instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
}

output "application_url" {
  value = data.iotda_instance.this.endpoints["APP_HTTPS"].url
}

output "device_mqtt" {
  value = data.iotda_instance.this.endpoints["DEVICE_MQTT"].url
}

output "urls" {
  value = { for type, endpoint in data.iotda_instance.this.endpoints : type => endpoint.url }
}
