# Objects have every attribute: OpenTofu requires them all, and Terraform would generate the missing ones.
mock_provider "iotda" {
  mock_data "iotda_instance" {
    defaults = {
      status = "ACTIVE"
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
}

variables {
  instance_name = "plant"
}

run "the_gateway_gets_the_addresses" {
  assert {
    condition     = output.gateway_config.server == "mqtts://mqtt.mock.example:8883"
    error_message = "The gateway connects to ${output.gateway_config.server}."
  }
  assert {
    condition     = output.gateway_config.websocket == "wss://mqtt.mock.example/mqtt"
    error_message = "The gateway's WebSocket is ${output.gateway_config.websocket}."
  }
}

run "a_frozen_instance_is_refused" {
  command = plan

  override_data {
    target = data.iotda_instance.this
    values = {
      status = "FROZEN"
    }
  }
  expect_failures = [data.iotda_instance.this]
}
