//! Programs that may ask: OAuth2 clients (RFC 6749), their secrets and their tokens. Working tables
//! as those of accounts are. Of secrets and tokens the SHA-256 alone is kept: both are 256 random
//! bits, which nobody guesses.

mod rights;
mod secrets;
mod tokens;

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::access::OPENED;
use crate::accounts::{Role, moment, written};
use crate::entry::Done;
use crate::place::{MOST_PLACES, Places};
use crate::together::Together;
use crate::{Store, StoreError, Writer};

use rights::kept_rights;
pub use rights::{Right, Rights};
use secrets::secret_added;
use tokens::Bearer;
pub use tokens::TOKEN;

/// A program that may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its number.
    pub id: i64,
    /// By which it names itself: its `client_id`.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// Whom it may see: everyone, or the people of some places.
    pub role: Role,
    /// What it may do.
    pub rights: Rights,
    /// What it sees sensitive data for: the purpose that goes on the record.
    pub purpose: String,
}

impl Client {
    /// Whether it could be made.
    pub fn checked(&self) -> Result<(), ClientError> {
        if self.name.trim().is_empty() {
            return Err(ClientError::Name);
        }
        if self.rights.is_empty() {
            return Err(ClientError::Rights);
        }
        match &self.role {
            Role::Officer { places } if places.is_empty() || places.len() > MOST_PLACES => {
                return Err(ClientError::Role);
            }
            Role::Asn { .. } | Role::Administrator { .. } => return Err(ClientError::Role),
            _ => {}
        }
        // What it sees in full must not go on record as what stayed masked.
        let sensitive = self.rights.has(Right::PeopleSensitive);
        if sensitive && ["", OPENED].contains(&self.purpose.trim()) {
            return Err(ClientError::Purpose);
        }
        Ok(())
    }
}

/// A program as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The program.
    pub client: Client,
    /// The login of who answers for it; empty where nobody does.
    pub owner: String,
    /// Its secrets that are good, the newest first; none of a closed program.
    pub secrets: Vec<Kept>,
}

/// A secret that is good, of which its hash is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// When it was made.
    pub made_at: Timestamp,
    /// When a token was last had for it.
    pub used_at: Option<Timestamp>,
}

/// Why a program could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A program without a name.
    #[error("the program has no name")]
    Name,
    /// A program that may do nothing.
    #[error("the program has no right")]
    Rights,
    /// A program for one civil servant or for accounts, or of no agency.
    #[error("a program is for everyone, or for at most {MOST_PLACES} agencies and units")]
    Role,
    /// A program that may see what is sensitive, for nothing.
    #[error("the program may see sensitive data and has no purpose")]
    Purpose,
    /// There is none.
    #[error("there is no program {0:?}")]
    Unknown(String),
    /// Nobody has the login of who is to answer for it.
    #[error("there is no account {0:?} to answer for the program")]
    Owner(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for ClientError {
    fn from(error: sqlx::Error) -> ClientError {
        ClientError::Store(error.into())
    }
}

impl ClientError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ClientError::Name => "Give --name.",
            ClientError::Rights => {
                "Give --rights: people.read, people.sensitive, statements.write, review.write, changes.read."
            }
            ClientError::Role => {
                "Give --instansi, as AGENCY or \"AGENCY > UNIT\", or --walidata for everyone."
            }
            ClientError::Purpose => "Give --purpose, one of the purposes of the page /privasi.",
            ClientError::Unknown(_) => "`satu client list` shows all.",
            ClientError::Owner(_) => "`satu account list` shows all.",
            ClientError::Store(error) => error.hint(),
        }
    }
}

/// The programs of a database; no way from here to what the register holds.
#[derive(Debug, Clone)]
pub struct Clients {
    pub(crate) store: Store,
    tokens: Together<Bearer>,
}

pub(crate) const COLUMNS: &str = "c.id, c.key, c.name, c.role, c.instansi, c.rights, c.purpose";

impl Store {
    /// The programs that may ask.
    pub fn clients(&self) -> Clients {
        Clients {
            store: self.clone(),
            tokens: Together::default(),
        }
    }
}

impl Clients {
    /// Makes a program with a secret; `owner` answers for it, where it is not empty. Its key is given;
    /// the number of `client` is not looked at.
    pub async fn add(
        &self,
        client: Client,
        owner: &str,
        secret: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Client, ClientError> {
        let mut writer = self.store.begin().await?;
        let made = writer.add_program(client, owner, by).await?;
        secret_added(&mut writer.tx, made.id, secret, now).await?;
        writer.commit().await?;
        Ok(made)
    }

    /// Says who answers for a program: what it proposes they cannot approve.
    pub async fn set_owner(&self, key: &str, login: &str, by: &str) -> Result<(), ClientError> {
        let mut writer = self.store.begin().await?;
        let owner = owned(&mut writer.tx, key, login).await?;
        let key = key.to_owned();
        writer.record(Done::ProgramOwned { key, owner }, by).await?;
        writer.commit().await?;
        Ok(())
    }

    /// Every program, by name.
    pub async fn list(&self) -> Result<Vec<Listed>, StoreError> {
        self.listed("$1 = 0 ORDER BY c.name, c.id", 0).await
    }

    /// The program of a number.
    pub async fn one(&self, id: i64) -> Result<Option<Listed>, StoreError> {
        Ok(self.listed("c.id = $1", id).await?.pop())
    }

    async fn listed(&self, which: &str, bound: i64) -> Result<Vec<Listed>, StoreError> {
        let sql = "SELECT client, made_at, used_at FROM client_secret WHERE $1 = 0 OR client = $1 \
                   ORDER BY made_at DESC";
        let rows = sqlx::query(sql)
            .bind(bound)
            .fetch_all(&self.store.pool)
            .await?;
        let mut secrets: FxHashMap<i64, Vec<Kept>> = FxHashMap::default();
        for row in &rows {
            let of = secrets.entry(row.try_get(0)?).or_default();
            let used: i64 = row.try_get(2)?;
            of.push(Kept {
                made_at: moment(row, 1)?,
                used_at: (used > 0).then(|| moment(row, 2)).transpose()?,
            });
        }
        let sql = format!("SELECT {COLUMNS}, c.owner FROM client c WHERE {which}");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(bound);
        let mut all = Vec::new();
        for row in rows.fetch_all(&self.store.pool).await? {
            let Some(client) = read(&row, 0)? else {
                continue;
            };
            all.push(Listed {
                owner: row.try_get(7)?,
                secrets: secrets.remove(&client.id).unwrap_or_default(),
                client,
            });
        }
        Ok(all)
    }

    /// The program of this key.
    pub async fn named(&self, key: &str) -> Result<Client, ClientError> {
        let sql = format!("SELECT {COLUMNS} FROM client c WHERE c.key = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(key.to_owned())
            .fetch_optional(&self.store.pool)
            .await?;
        let found = row.as_ref().map(|row| read(row, 0)).transpose()?.flatten();
        found.ok_or_else(|| ClientError::Unknown(key.to_owned()))
    }
}

impl Writer {
    /// Makes a program without a secret in the same transaction as what is appended; `owner` answers for
    /// it, where it is not empty.
    pub async fn add_program(
        &mut self,
        client: Client,
        owner: &str,
        by: &str,
    ) -> Result<Client, ClientError> {
        let made = added(&mut self.tx, client).await?;
        let owner = match owner {
            "" => String::new(),
            owner => owned(&mut self.tx, &made.key, owner).await?,
        };
        let done = Done::ProgramMade {
            key: made.key.clone(),
            name: made.name.clone(),
            rights: made.rights.to_string(),
            purpose: made.purpose.trim().to_owned(),
            places: made.role.places().map(Places::lines).unwrap_or_default(),
            owner,
        };
        self.record(done, by).await?;
        Ok(made)
    }
}

/// Says who answers for a program, as part of a transaction; their login as it is kept.
async fn owned(
    tx: &mut sqlx::Transaction<'static, sqlx::Any>,
    key: &str,
    login: &str,
) -> Result<String, ClientError> {
    let login = written(login);
    let sql = "UPDATE client SET owner = $2 WHERE key = $1 \
               AND EXISTS (SELECT 1 FROM account WHERE login = $2)";
    let done = sqlx::query(sql)
        .bind(key.to_owned())
        .bind(login.clone())
        .execute(&mut **tx)
        .await?;
    if done.rows_affected() > 0 {
        return Ok(login);
    }
    let known = sqlx::query("SELECT 1 FROM client WHERE key = $1").bind(key.to_owned());
    Err(match known.fetch_optional(&mut **tx).await? {
        Some(_) => ClientError::Owner(login),
        None => ClientError::Unknown(key.to_owned()),
    })
}

/// Makes a program without a secret as part of a transaction.
async fn added(
    tx: &mut sqlx::Transaction<'static, sqlx::Any>,
    client: Client,
) -> Result<Client, ClientError> {
    client.checked()?;
    let name = client.name.trim().to_owned();
    let [role, instansi, _] = client.role.columns();
    let sql = "INSERT INTO client (key, id, name, role, instansi, rights, purpose) \
         VALUES ($1, (SELECT COALESCE(MAX(id), 0) + 1 FROM client), $2, $3, $4, $5, $6) \
         RETURNING id";
    let row = sqlx::query(sql)
        .bind(client.key.clone())
        .bind(name.clone())
        .bind(role)
        .bind(instansi)
        .bind(client.rights.to_string())
        .bind(client.purpose.trim().to_owned())
        .fetch_one(&mut **tx)
        .await?;
    Ok(Client {
        id: row.try_get(0)?,
        name,
        ..client
    })
}

/// Reads [`COLUMNS`], the first of which stands at a place.
pub(crate) fn read(row: &AnyRow, at: usize) -> Result<Option<Client>, sqlx::Error> {
    let role: String = row.try_get(at + 3)?;
    let Some(role) = Role::of(&role, row.try_get(at + 4)?, String::new()) else {
        return Ok(None);
    };
    Ok(Some(Client {
        id: row.try_get(at)?,
        key: row.try_get(at + 1)?,
        name: row.try_get(at + 2)?,
        role,
        rights: kept_rights(row, at + 5)?,
        purpose: row.try_get(at + 6)?,
    }))
}
