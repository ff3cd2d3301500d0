//! What the tests share.

pub mod generators;
pub mod oracle;
