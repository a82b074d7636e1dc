//! Passwords: Argon2id with the parameters that OWASP's Password Storage Cheat Sheet names first
//! for one lane (19 MiB, 2 passes), never more than two at work at once.
//!
//! A new password is held against three rules ([`Rules`]): its length, what is left of it once what
//! guessers try first is taken away, and a file of breached passwords where the operator has one.

mod breached;
mod guess;

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

pub use breached::Breached;
use satu_store::accounts::Role;
use satu_store::place::Place;

/// Least characters of a password: what NIST SP 800-63B-4 (3.1.1.2) asks where it is the only
/// factor. It is asked of all, so that a second factor can be taken off again.
pub const SHORTEST: usize = 15;
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
    /// Made of what guessers try first, or of what is known of the account.
    #[error("the password is easy to guess")]
    Guessable,
    /// Found in a breach.
    #[error("the password has been found in a breach of another site")]
    Breached,
    /// The file of breached passwords.
    #[error("the file of breached passwords cannot be read: {0}")]
    Unread(#[from] std::io::Error),
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
            PasswordError::Guessable => {
                "Leave out common words, years, runs of keys, and the account's own names."
            }
            PasswordError::Breached => "Choose another one.",
            PasswordError::Unread(_) => "Correct --breached; nothing was changed.",
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

/// Whose a new password is: what is known of them makes a bad one.
#[derive(Debug, Clone)]
pub struct Owner {
    known: Vec<String>,
}

impl Owner {
    /// The owner of an account that there is or will be.
    pub fn new(login: &str, name: &str, role: &Role) -> Owner {
        let mut known = vec![login.to_owned(), name.to_owned()];
        match role {
            Role::Walidata => {}
            Role::Administrator { places } | Role::Officer { places } => {
                known.extend(places.iter().map(Place::to_string));
            }
            Role::Asn { nip } => known.push(nip.clone()),
        }
        Owner { known }
    }
}

/// What a new password is held against.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Passwords found in breaches, where the operator has a file of them.
    pub breached: Option<Breached>,
}

impl Rules {
    /// The hash of a new password that keeps the rules, in PHC form.
    pub fn hash(&self, password: &str, owner: &Owner) -> Result<String, PasswordError> {
        if password.chars().count() < SHORTEST {
            return Err(PasswordError::Short);
        }
        if password.len() > LONGEST {
            return Err(PasswordError::Long);
        }
        let known: Vec<&str> = owner.known.iter().map(String::as_str).collect();
        if guess::left(password, &known) < guess::LEFT {
            return Err(PasswordError::Guessable);
        }
        if let Some(breached) = &self.breached
            && breached.holds(password)?
        {
            return Err(PasswordError::Breached);
        }
        hash(password)
    }
}

/// The hash of a password, in PHC form; for one that nobody chose.
pub fn hash(password: &str) -> Result<String, PasswordError> {
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
    rules: Rules,
}

impl Passwords {
    pub fn new(rules: Rules) -> Passwords {
        Passwords {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            nobodys: OnceCell::new(),
            rules,
        }
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, PasswordError> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned());
        turn.await
            .map_err(|_| PasswordError::Busy)?
            .map_err(machine)
    }

    /// Every turn there is, so that others wait.
    #[cfg(test)]
    pub async fn all_turns(&self) -> OwnedSemaphorePermit {
        let all = self.turns.clone().acquire_many_owned(AT_ONCE as u32);
        all.await.unwrap()
    }

    /// The hash of a new password that keeps the rules.
    pub async fn new_hash(&self, password: String, owner: Owner) -> Result<String, PasswordError> {
        let (turn, rules) = (self.turn().await?, self.rules.clone());
        let hash = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            rules.hash(&password, &owner)
        });
        hash.await.map_err(machine)?
    }

    /// Whether a password is the one of a hash. Without a hash the work is done all the same, so
    /// that the time does not tell whether the login exists.
    pub async fn fits(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, PasswordError> {
        let turn = self.turn().await?;
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
                return Ok::<bool, PasswordError>(false);
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
    use satu_store::accounts::Role;
    use sha1::{Digest, Sha1};

    use super::{Breached, LONGEST, Owner, PasswordError, Passwords, Rules, hash};

    #[tokio::test]
    async fn only_the_password_fits_its_hash() {
        let kept = hash("dua belas huruf").unwrap();
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert_ne!(kept, hash("dua belas huruf").unwrap());
        let passwords = Passwords::new(Rules::default());
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
    fn a_new_password_keeps_the_rules() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sha1.txt");
        let line = |password: &str| format!("{}:9\n", satu_store::hex(&Sha1::digest(password)));
        std::fs::write(&path, line("jendela kuda biola hujan")).unwrap();
        let rules = Rules {
            breached: Some(Breached::open(&path).unwrap()),
        };
        let instansi = "Dinas Perhubungan".to_owned();
        let owner = Owner::new(
            "wulandari",
            "Contoh",
            &Role::Officer {
                places: instansi.into(),
            },
        );
        let told = |password: &str| rules.hash(password, &owner);
        // Fourteen characters, though more bytes; then fifteen.
        assert!(matches!(told("kämrüpßéñàôçøł"), Err(PasswordError::Short)));
        assert!(told("kämrüpßéñàôçøłw").is_ok());
        let endless = "x".repeat(LONGEST + 1);
        assert!(matches!(told(&endless), Err(PasswordError::Long)));
        for easy in ["passwordpassword", "wulandari perhubungan"] {
            assert!(
                matches!(told(easy), Err(PasswordError::Guessable)),
                "{easy}"
            );
        }
        let breached = told("jendela kuda biola hujan");
        assert!(matches!(breached, Err(PasswordError::Breached)));
        assert!(told("jendela kuda biola hujam").is_ok());
        std::fs::remove_file(&path).unwrap();
        let unread = told("jendela kuda biola hujam");
        assert!(matches!(unread, Err(PasswordError::Unread(_))));
    }
}
