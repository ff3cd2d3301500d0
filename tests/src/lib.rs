//! What the tests share.

#[cfg(feature = "e2e")]
mod bidi;
#[cfg(feature = "e2e")]
pub mod browser;
#[cfg(feature = "e2e")]
pub mod engine;
pub mod generators;
pub mod golden;
pub mod oracle;
