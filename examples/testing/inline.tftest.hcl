# The same without a mock file, so that OpenTofu runs it too.
mock_provider "iotda" {
  mock_data "iotda_instance" {
    defaults = {
      status = "ACTIVE"
      endpoints = {
        APP_HTTPS = {
          url = "https://api.mock.example"
        }
        DEVICE_MQTT = {
          host_port     = "mqtt.mock.example:8883"
          websocket_url = "wss://mqtt.mock.example/mqtt"
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
    condition     = output.gateway_config.server == "mqtt.mock.example:8883"
    error_message = "The gateway connects to ${output.gateway_config.server}."
  }
  assert {
    condition     = output.gateway_config.websocket == "wss://mqtt.mock.example/mqtt"
    error_message = "The gateway's WebSocket is ${output.gateway_config.websocket}."
  }
}
