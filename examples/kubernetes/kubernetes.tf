resource "kubernetes_config_map_v1" "iotda" {
  metadata {
    name = "iotda"
  }
  data = local.config
}

resource "kubernetes_secret_v1" "gateway" {
  metadata {
    name = "iotda-gateway"
  }
  data = local.credentials
}
