data "iotda_instance_flavors" "standard" {
  instance_type = "standard"
}

output "on_sale" {
  value = [for flavor in data.iotda_instance_flavors.standard.flavors : flavor.type if flavor.status == "normal"]
}
