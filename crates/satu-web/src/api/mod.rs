//! What programs ask: `/api/v1`, and the tokens by which they do.

pub mod people;
pub mod token;
