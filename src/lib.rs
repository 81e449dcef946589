//! The provider.

pub mod huaweicloud;
pub mod iotda;
