# No `depends_on` here, and no argument that is unknown while planning: see the README.
data "iotda_instance" "this" {
  name = "synthetic-0000" # of the emulated cloud: put your own here

  lifecycle {
    postcondition {
      condition     = strcontains(self.endpoints["APP_HTTPS"].domain_name, ".iotda-app.${self.region}.")
      error_message = "The official provider takes the signing scheme from the host name, and this one is a custom domain name."
    }
  }
}

locals {
  iotda_endpoint = data.iotda_instance.this.endpoints["APP_HTTPS"].url
}

output "iotda_endpoint" {
  value = local.iotda_endpoint
}
