//! Typed client of the IoTDA instance API. Knows nothing of Terraform.
