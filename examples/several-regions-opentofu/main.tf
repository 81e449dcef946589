terraform {
  required_version = ">= 1.9"
  required_providers {
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
    }
  }
}

variable "regions" {
  type    = set(string)
  default = ["cn-north-4", "cn-south-1"]
}

provider "iotda" {
  alias    = "by_region"
  for_each = var.regions
  region   = each.value
}

data "iotda_instances" "all" {
  for_each        = var.regions
  provider        = iotda.by_region[each.value]
  include_details = false
}

output "instances" {
  value = { for region, found in data.iotda_instances.all : region => length(found.ids) }
}
