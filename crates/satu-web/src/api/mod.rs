//! What programs ask: `/api/v1`, and the tokens by which they do.

pub mod changes;
pub mod people;
pub mod reconcile;
pub mod token;
pub mod webhooks;
