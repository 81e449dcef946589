# No `depends_on`, and no argument that is unknown during planning: see the README.
data "iotda_instance" "this" {
  name = "synthetic-0000" # an instance of iotda-emulator: replace it with the name of yours

  lifecycle {
    postcondition {
      condition     = strcontains(self.endpoints["APP_HTTPS"].domain_name, ".iotda-app.${self.region}.")
      error_message = "This instance has a custom domain name, which breaks access keys: the official provider chooses the signing scheme by `.iotda-app.<region>.` in the host name. If it uses a user name and password, remove this postcondition."
    }
  }
}

locals {
  iotda_endpoint = data.iotda_instance.this.endpoints["APP_HTTPS"].url
}

output "iotda_endpoint" {
  value = local.iotda_endpoint
}

output "region" {
  value = data.iotda_instance.this.region
}
