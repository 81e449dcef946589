data "iotda_instance" "this" {
  name = "synthetic-0003" # an instance of iotda-emulator: replace it with the name of yours
}

locals {
  # One rule for each private address and TLS port. Access types that share both share a rule.
  ports = distinct(flatten([
    for type, endpoint in data.iotda_instance.this.endpoints : [
      for address in endpoint.private_addresses : {
        address  = address
        port     = endpoint.port
        protocol = type == "DEVICE_COAP" ? "udp" : "tcp"
      }
    ] if endpoint.port != null
  ]))
  rules = { for rule in local.ports : "${rule.address} ${rule.protocol} ${rule.port}" => rule }
}

output "rules" {
  value = keys(local.rules)
}
