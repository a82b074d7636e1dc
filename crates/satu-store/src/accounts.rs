//! Who may sign in, and who is signed in. Working tables of the site: no part of the ledger, not
//! replayed, not compared by [`Store::verify`].

use jiff::{SignedDuration, Timestamp};
use satu_domain::Nip;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Executor, Row};

use crate::{Store, StoreError, hex};

/// How long a session lasts at most.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// How long a session lasts without a request.
pub const IDLE: SignedDuration = SignedDuration::from_hours(1);
/// A session that was seen this recently is not written again.
const SEEN: SignedDuration = SignedDuration::from_mins(1);
/// Most characters kept of what a browser says it is.
const AGENT: usize = 300;

/// What an account is for, and thereby whom it may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The central officer: everyone.
    Walidata,
    /// The data officer of one agency: its people.
    Officer {
        /// The agency's name, as sources state it.
        instansi: String,
    },
    /// A civil servant: their own record.
    Asn {
        /// Their NIP.
        nip: String,
    },
}

impl Role {
    /// `walidata`, `officer` or `asn`.
    pub fn name(&self) -> &'static str {
        match self {
            Role::Walidata => "walidata",
            Role::Officer { .. } => "officer",
            Role::Asn { .. } => "asn",
        }
    }

    fn columns(&self) -> [String; 3] {
        let (instansi, nip) = match self {
            Role::Walidata => ("", ""),
            Role::Officer { instansi } => (instansi.as_str(), ""),
            Role::Asn { nip } => ("", nip.as_str()),
        };
        [self.name(), instansi, nip].map(str::to_owned)
    }

    fn of(role: &str, instansi: String, nip: String) -> Option<Role> {
        match role {
            "walidata" => Some(Role::Walidata),
            "officer" => Some(Role::Officer { instansi }),
            "asn" => Some(Role::Asn { nip }),
            _ => None,
        }
    }
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// What is typed to sign in, in small letters.
    pub login: String,
    /// The name to greet by.
    pub name: String,
    /// What it is for.
    pub role: Role,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Names the session; its token cannot be told from it.
    pub id: String,
    /// Since when.
    pub opened_at: Timestamp,
    /// The last request, to the minute.
    pub seen_at: Timestamp,
    /// What the browser says it is.
    pub agent: String,
}

/// Why an account could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The login cannot be typed everywhere.
    #[error("{0:?} is no login")]
    Login(String),
    /// Somebody has it.
    #[error("the login {0:?} is taken")]
    Taken(String),
    /// Nobody has it.
    #[error("there is no account {0:?}")]
    Unknown(String),
    /// An account without a name.
    #[error("the account has no name")]
    Name,
    /// An officer of no agency.
    #[error("a data officer's account names no agency")]
    Instansi,
    /// A civil servant whose NIP is none.
    #[error("{0:?} is no NIP")]
    Nip(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for AccountError {
    fn from(error: sqlx::Error) -> AccountError {
        AccountError::Store(error.into())
    }
}

impl AccountError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            AccountError::Login(_) => {
                "Use 3 to 64 letters, digits, dots, hyphens, underscores or @."
            }
            AccountError::Taken(_) => "Choose another one, or give it a new password.",
            AccountError::Unknown(_) => "`satu account list` shows all.",
            AccountError::Name => "Give --name.",
            AccountError::Instansi => "Give --instansi, the agency's name as its records state it.",
            AccountError::Nip(_) => "Give --nip: 18 digits.",
            AccountError::Store(error) => error.hint(),
        }
    }
}

/// The accounts and sessions of a database; no way from here to what the register holds.
#[derive(Debug, Clone)]
pub struct Accounts {
    pool: AnyPool,
}

impl Store {
    /// The accounts and sessions.
    pub fn accounts(&self) -> Accounts {
        Accounts {
            pool: self.pool.clone(),
        }
    }
}

impl Accounts {
    /// Makes an account. `password` is a hash in PHC form, never the password.
    pub async fn add(
        &self,
        login: &str,
        name: &str,
        role: Role,
        password: &str,
    ) -> Result<Account, AccountError> {
        let login = written(login);
        let fits = |c: char| c.is_ascii_alphanumeric() || ".-_@".contains(c);
        if !(3..=64).contains(&login.len()) || !login.chars().all(fits) {
            return Err(AccountError::Login(login));
        }
        let name = name.trim();
        if name.is_empty() {
            return Err(AccountError::Name);
        }
        match &role {
            Role::Officer { instansi } if instansi.trim().is_empty() => {
                return Err(AccountError::Instansi);
            }
            Role::Asn { nip } if Nip::parse(nip).is_err() => {
                return Err(AccountError::Nip(nip.clone()));
            }
            _ => {}
        }
        let [kind, instansi, nip] = role.columns();
        let sql = "INSERT INTO account (login, id, name, role, instansi, nip, password) \
                   VALUES ($1, (SELECT COALESCE(MAX(id), 0) + 1 FROM account), $2, $3, $4, $5, $6) \
                   ON CONFLICT (login) DO NOTHING RETURNING id";
        let row = sqlx::query(sql)
            .bind(login.clone())
            .bind(name.to_owned())
            .bind(kind)
            .bind(instansi)
            .bind(nip)
            .bind(password.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else {
            return Err(AccountError::Taken(login));
        };
        Ok(Account {
            id: row.try_get(0)?,
            login,
            name: name.to_owned(),
            role,
        })
    }

    /// Gives an account a new password (as a hash in PHC form) and ends its sessions.
    pub async fn set_password(&self, login: &str, password: &str) -> Result<(), AccountError> {
        let login = written(login);
        let mut tx = self.pool.begin().await?;
        let row = sqlx::query("UPDATE account SET password = $1 WHERE login = $2 RETURNING id")
            .bind(password.to_owned())
            .bind(login.clone())
            .fetch_optional(&mut *tx)
            .await?;
        let Some(row) = row else {
            return Err(AccountError::Unknown(login));
        };
        sqlx::query("DELETE FROM session WHERE account = $1")
            .bind(row.try_get::<i64, _>(0)?)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The account of a login, and the hash of its password.
    pub async fn find(&self, login: &str) -> Result<Option<(Account, String)>, StoreError> {
        let sql =
            "SELECT id, login, name, role, instansi, nip, password FROM account WHERE login = $1";
        let row = sqlx::query(sql)
            .bind(written(login))
            .fetch_optional(&self.pool)
            .await?;
        Ok(match row {
            Some(row) => account(&row)?.map(|found| Ok::<_, sqlx::Error>((found, row.try_get(6)?))),
            None => None,
        }
        .transpose()?)
    }

    /// Every account, by login.
    pub async fn list(&self) -> Result<Vec<Account>, StoreError> {
        let sql = "SELECT id, login, name, role, instansi, nip FROM account ORDER BY login";
        let mut found = Vec::new();
        for row in sqlx::query(sql).fetch_all(&self.pool).await? {
            found.extend(account(&row)?);
        }
        Ok(found)
    }

    /// Opens a session under a token, of which only the SHA-256 is kept, and forgets those that
    /// have run out.
    pub async fn open_session(
        &self,
        account: i64,
        token: &str,
        agent: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let at = now.as_microsecond();
        let [longest, idle] = earliest(now);
        let mut tx = self.pool.begin().await?;
        sqlx::query("DELETE FROM session WHERE opened_at <= $1 OR seen_at <= $2")
            .bind(longest)
            .bind(idle)
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO session (hash, account, opened_at, seen_at, agent) VALUES ($1, $2, $3, $3, $4)";
        sqlx::query(sql)
            .bind(hashed(token))
            .bind(account)
            .bind(at)
            .bind(
                agent
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(AGENT)
                    .collect::<String>(),
            )
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whose session a token opens at a moment; a session that is used stays awake.
    pub async fn session(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT a.id, a.login, a.name, a.role, a.instansi, a.nip, s.seen_at \
                   FROM session s JOIN account a ON a.id = s.account \
                   WHERE s.hash = $1 AND s.opened_at > $2 AND s.seen_at > $3";
        let (hash, [longest, idle]) = (hashed(token), earliest(now));
        let Some(row) = sqlx::query(sql)
            .bind(hash.clone())
            .bind(longest)
            .bind(idle)
            .fetch_optional(&self.pool)
            .await?
        else {
            return Ok(None);
        };
        if row.try_get::<i64, _>(6)? + SEEN.as_micros() as i64 <= now.as_microsecond() {
            self.seen(hash, now).await?;
        }
        Ok(account(&row)?)
    }

    /// Notes that a session is used. While SQLite is busy with a long write nobody waits for that:
    /// it is left for a later request.
    async fn seen(&self, hash: String, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE session SET seen_at = $1 WHERE hash = $2";
        let noted = sqlx::query(sql).bind(now.as_microsecond()).bind(hash);
        let mut connection = self.pool.acquire().await?;
        let sqlite = connection.backend_name() == "SQLite";
        if sqlite {
            connection.close_on_drop(); // its impatience is not for others
            connection.execute("PRAGMA busy_timeout=0").await?;
        }
        let noted = noted.execute(&mut *connection).await.map(|_| ());
        if sqlite { Ok(()) } else { Ok(noted?) }
    }

    /// The open sessions of an account, the last used first.
    pub async fn sessions(&self, account: i64, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let sql = "SELECT hash, opened_at, seen_at, agent FROM session \
                   WHERE account = $1 AND opened_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, hash";
        let [longest, idle] = earliest(now);
        let rows = sqlx::query(sql)
            .bind(account)
            .bind(longest)
            .bind(idle)
            .fetch_all(&self.pool)
            .await?;
        let moment = |row: &AnyRow, at: usize| {
            let micros = row.try_get::<i64, _>(at)?;
            Ok::<_, sqlx::Error>(Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MIN))
        };
        let mut found = Vec::new();
        for row in rows {
            found.push(Session {
                id: row.try_get(0)?,
                opened_at: moment(&row, 1)?,
                seen_at: moment(&row, 2)?,
                agent: row.try_get(3)?,
            });
        }
        Ok(found)
    }

    /// Ends the session of a token.
    pub async fn close_session(&self, token: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session WHERE hash = $1")
            .bind(hashed(token))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends a session of an account; whether it was one.
    pub async fn end_session(&self, account: i64, id: &str) -> Result<bool, StoreError> {
        let ended = sqlx::query("DELETE FROM session WHERE hash = $1 AND account = $2")
            .bind(id.to_owned())
            .bind(account)
            .execute(&self.pool)
            .await?;
        Ok(ended.rows_affected() > 0)
    }
}

/// The name under which the session of a token is kept.
pub fn hashed(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn written(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Sessions opened, or last seen, at these moments have just run out.
fn earliest(now: Timestamp) -> [i64; 2] {
    [LONGEST, IDLE].map(|ago| now.as_microsecond() - ago.as_micros() as i64)
}

fn account(row: &AnyRow) -> Result<Option<Account>, sqlx::Error> {
    let role = row.try_get::<String, _>(3)?;
    let role = Role::of(&role, row.try_get(4)?, row.try_get(5)?);
    let (id, login, name) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(role.map(|role| Account {
        id,
        login,
        name,
        role,
    }))
}
