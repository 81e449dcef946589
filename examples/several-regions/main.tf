terraform {
  required_version = ">= 1.0"
  required_providers {
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
    }
  }
}

# Credentials come from the environment.
provider "iotda" {
  region = "cn-north-4"
}

# Within one account the argument is enough. Each region has its own project, which is looked up once.
data "iotda_instances" "everywhere" {
  for_each        = toset(["cn-north-4", "cn-south-1", "cn-east-3"])
  region          = each.key
  include_details = false
}

# An alias is for other credentials or another endpoint.
provider "iotda" {
  alias  = "south"
  region = "cn-south-1"
}

data "iotda_instance" "south" {
  provider = iotda.south
  name     = "synthetic-0000" # an instance of iotda-emulator: replace it with the name of yours
}

output "instances" {
  value = { for region, found in data.iotda_instances.everywhere : region => length(found.ids) }
}

output "south" {
  value = data.iotda_instance.south.endpoints["DEVICE_MQTT"].url
}
