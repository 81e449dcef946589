variable "security_group_id" {
  description = "ID of the security group of the machines that connect to the instance."
  type        = string
}

resource "huaweicloud_networking_secgroup_rule" "iotda" {
  for_each = local.rules

  security_group_id = var.security_group_id
  direction         = "egress"
  ethertype         = "IPv4"
  protocol          = each.value.protocol
  port_range_min    = each.value.port
  port_range_max    = each.value.port
  remote_ip_prefix  = "${each.value.address}/32"
}
