//! Terraform and OpenTofu provider for Huawei Cloud IoTDA instances.
//!
//! | layer | contents | dependencies |
//! |---|---|---|
//! | [`provider`] | what Terraform uses: the provider block, data sources, functions | all below |
//! | [`cli`] | `read` and `doctor`: the same code for use without Terraform | all below, and `provider` |
//! | [`iotda`] | the typed client of the instance API | none of the other layers |
//!
//! Data flows in one direction: `rpc → config (typed) → data source → iotda client → huaweicloud transport → model →
//! flatten → state (typed) → rpc`. The cloud is the crate [`huaweicloud`], which does not depend on IoTDA or Terraform;
//! the plugin framework is the crate [`tfplug`], which does not depend on Huawei Cloud.

pub mod cli;
#[doc(hidden)]
pub mod internals;
pub mod iotda;
pub mod provider;
