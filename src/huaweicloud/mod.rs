//! Huawei Cloud: credentials, signer, projects, endpoints, transport, retry. Knows nothing of IoTDA.
