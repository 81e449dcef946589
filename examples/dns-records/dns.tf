variable "zone_id" {
  type = string
}

resource "huaweicloud_dns_recordset" "iotda" {
  for_each = local.records

  zone_id = var.zone_id
  name    = each.key
  type    = "CNAME"
  records = [each.value]
}
