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

  # Write-only: sent to the cluster, and not stored in the state. Increase the revision to send it again.
  data_wo          = local.credentials
  data_wo_revision = 1
}
