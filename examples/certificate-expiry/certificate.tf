check "certificate_lasts_thirty_days" {
  data "tls_certificate" "app" {
    url = local.url
  }

  assert {
    # The root of the chain comes first, the server's own certificate last.
    condition = timecmp(
      reverse(data.tls_certificate.app.certificates)[0].not_after,
      timeadd(plantimestamp(), "720h")
    ) > 0
    error_message = "The certificate of ${local.url} expires within thirty days."
  }
}
