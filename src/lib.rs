//! Terraform and OpenTofu provider for Huawei Cloud IoTDA instances.
//!
//! | layer | holds | may use |
//! |---|---|---|
//! | [`provider`] | what Terraform sees: the provider block, data sources, functions | all below |
//! | [`cli`] | `read` and `doctor`: the same code for people without Terraform | all below, and `provider` |
//! | [`iotda`] | the typed client of the instance API | `huaweicloud` |
//! | [`huaweicloud`] | credentials, signer, projects, endpoints, transport, retry | nothing of this crate |
//!
//! Data takes one way: `rpc → config (typed) → data source → iotda client → huaweicloud transport → model → flatten →
//! state (typed) → rpc`. The plugin framework is the crate `tfplug`, which knows nothing of Huawei Cloud.

pub mod cli;
pub mod huaweicloud;
pub mod iotda;
pub mod provider;
#[doc(hidden)]
pub mod stages;
