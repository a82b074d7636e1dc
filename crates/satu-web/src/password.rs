//! Passwords: Argon2id with the parameters that OWASP's Password Storage Cheat Sheet names first
//! for one lane (19 MiB, 2 passes), never more than two at work at once.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OnceCell, Semaphore};

/// Least characters of a password (NIST SP 800-63B asks 8; a register of persons asks more).
pub const SHORTEST: usize = 12;
/// Most bytes of a password; more is not typed by a person.
pub const LONGEST: usize = 1024;
/// Memory of one hash, in KiB.
const MEMORY: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Bytes of salt.
const SALT: usize = 16;
/// Hashes at work at once.
const AT_ONCE: usize = 2;
/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too easy to guess.
    #[error("the password has fewer than {SHORTEST} characters")]
    Short,
    /// Too long to be one.
    #[error("the password has more than {LONGEST} bytes")]
    Long,
    /// Too many sign-ins at once.
    #[error("too many sign in at this moment")]
    Busy,
    /// The machine has no randomness, memory or thread to give.
    #[error("the password cannot be hashed: {0}")]
    Machine(String),
}

impl PasswordError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            PasswordError::Short => "Choose a longer one, for instance four unrelated words.",
            PasswordError::Long => "Choose a shorter one.",
            PasswordError::Busy => "Try again in a minute.",
            PasswordError::Machine(_) => "Try again; nothing was changed.",
        }
    }
}

fn machine(error: impl std::fmt::Display) -> PasswordError {
    PasswordError::Machine(error.to_string())
}

fn hasher() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(machine)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a new password, in PHC form.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < SHORTEST {
        return Err(PasswordError::Short);
    }
    if password.len() > LONGEST {
        return Err(PasswordError::Long);
    }
    let mut salt = [0; SALT];
    getrandom::fill(&mut salt).map_err(machine)?;
    let salt = SaltString::encode_b64(&salt).map_err(machine)?;
    let hash = hasher()?.hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(machine)?.to_string())
}

/// Compares passwords to hashes, a few at a time.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    nobodys: OnceCell<String>,
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            nobodys: OnceCell::new(),
        }
    }
}

impl Passwords {
    /// Whether a password is the one of a hash. Without a hash the work is done all the same, so
    /// that the time does not tell whether the login exists.
    pub async fn fits(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned());
        let turn = turn
            .await
            .map_err(|_| PasswordError::Busy)?
            .map_err(machine)?;
        let known = hash.is_some();
        let nobodys = self
            .nobodys
            .get_or_try_init(async || {
                tokio::task::spawn_blocking(|| self::hash("the password of nobody at all"))
                    .await
                    .map_err(machine)?
            })
            .await?
            .clone();
        let fits = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            if password.len() > LONGEST {
                return Ok(false);
            }
            let hash = hash.unwrap_or(nobodys);
            let hash = PasswordHash::new(&hash).map_err(machine)?;
            Ok(hasher()?
                .verify_password(password.as_bytes(), &hash)
                .is_ok())
        });
        Ok(fits.await.map_err(machine)?? && known)
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, PasswordError, Passwords, hash};

    #[tokio::test]
    async fn only_the_password_fits_its_hash() {
        let kept = hash("dua belas huruf").unwrap();
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert_ne!(kept, hash("dua belas huruf").unwrap());
        let passwords = Passwords::default();
        let fits = async |password: &str, hash: Option<&String>| {
            passwords
                .fits(password.to_owned(), hash.cloned())
                .await
                .unwrap()
        };
        assert!(fits("dua belas huruf", Some(&kept)).await);
        assert!(!fits("dua belas Huruf", Some(&kept)).await);
        assert!(!fits("the password of nobody at all", None).await);
        assert!(!fits(&"x".repeat(LONGEST + 1), Some(&kept)).await);
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        // Eleven characters, though more bytes.
        assert!(matches!(hash("éééééééééée"), Err(PasswordError::Short)));
        assert!(hash("éééééééééééé").is_ok());
        assert!(matches!(
            hash(&"x".repeat(LONGEST + 1)),
            Err(PasswordError::Long)
        ));
    }
}
