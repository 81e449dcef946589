terraform {
  required_version = ">= 1.5"
  required_providers {
    iotda = {
      source  = "iotda-rs/iotda"
      version = "~> 0.1"
    }
  }
}

provider "iotda" {}

data "iotda_instance" "this" {
  name = "synthetic-0003" # an instance of iotda-emulator: replace it with the name of yours

  # The checks below need an active instance, so the plan stops here without one.
  lifecycle {
    postcondition {
      condition     = self.status == "ACTIVE"
      error_message = "Instance ${self.name} is ${self.status}."
    }
  }
}

locals {
  plaintext = [
    for type, endpoint in data.iotda_instance.this.endpoints : "${type} ${endpoint.non_tls_port}"
    if endpoint.non_tls_port != null
  ]
  open = [
    for info in data.iotda_instance.this.access_infos : info.type
    if startswith(info.type, "APP_") && !try(info.ip_whitelist.enable, false)
  ]
}

check "no_plaintext_port" {
  assert {
    condition     = length(local.plaintext) == 0
    error_message = "Ports without TLS: ${join(", ", local.plaintext)}."
  }
}

check "allow_list_is_on" {
  assert {
    condition     = length(local.open) == 0
    error_message = "No allow list limits access to ${join(", ", local.open)}."
  }
}
