# Replaces every `data "iotda_instance"` of a test. Terraform generates omitted attributes, also those of an endpoint, so each
# endpoint has all of them, with null for what a real one would not have.
mock_data "iotda_instance" {
  defaults = {
    instance_id = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
    id          = "8561675c-d8a3-4956-9884-9cf9cbdd3134"
    name        = "mocked"
    region      = "cn-north-4"
    status      = "ACTIVE"
    endpoints = {
      APP_HTTPS = {
        domain_name       = "api.mock.example"
        port              = 443
        host_port         = "api.mock.example:443"
        url               = "https://api.mock.example"
        non_tls_port      = null
        non_tls_url       = null
        websocket_port    = null
        websocket_url     = null
        private_addresses = []
        public_address    = []
        ipv6_address      = []
      }
      DEVICE_MQTT = {
        domain_name       = "mqtt.mock.example"
        port              = 8883
        host_port         = "mqtt.mock.example:8883"
        url               = "mqtts://mqtt.mock.example:8883"
        non_tls_port      = null
        non_tls_url       = null
        websocket_port    = 443
        websocket_url     = "wss://mqtt.mock.example/mqtt"
        private_addresses = []
        public_address    = []
        ipv6_address      = []
      }
    }
  }
}
