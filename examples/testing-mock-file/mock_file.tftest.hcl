# Terraform loads every .tfmock.hcl file of the directory. OpenTofu has no mock files.
mock_provider "iotda" {
  source = "./"
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
    condition     = output.gateway_config.api == "https://api.mock.example"
    error_message = "The gateway calls ${output.gateway_config.api}."
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
