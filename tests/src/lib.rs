//! What the tests share.

#[cfg(feature = "e2e")]
pub mod browser;
pub mod generators;
pub mod golden;
pub mod oracle;
