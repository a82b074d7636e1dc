//! Signing in through a provider (OpenID Connect Core 1.0): the authorization code flow with PKCE.
//!
//! [`settings`] is what the operator says, [`claims`] makes a role of what the provider says of
//! somebody, [`provider`] speaks with the provider, [`pending`] keeps sign-ins under way,
//! and [`logout`] checks its word that somebody signed out.

pub mod claims;
mod fetch;
pub mod logout;
pub mod pending;
pub mod provider;
mod settings;

pub use provider::Provider;
pub use settings::{OidcError, OidcSettings};
