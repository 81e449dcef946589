//! Terraform and OpenTofu provider for Huawei Cloud IoTDA instances.
//!
//! | layer | holds | may use |
//! |---|---|---|
//! | [`provider`] | what Terraform sees: the provider block, data sources, functions | all below |
//! | [`cli`] | `read` and `doctor`: the same code for people without Terraform | all below, and `provider` |
//! | [`iotda`] | the typed client of the instance API | nothing of the rest |
//!
//! Data takes one way: `rpc → config (typed) → data source → iotda client → huaweicloud transport → model → flatten →
//! state (typed) → rpc`. The cloud is the crate [`huaweicloud`], which knows nothing of IoTDA nor of Terraform; the plugin framework is the
//! crate [`tfplug`], which knows nothing of Huawei Cloud.

pub mod cli;
#[doc(hidden)]
pub mod internals;
pub mod iotda;
pub mod provider;
