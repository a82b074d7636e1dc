//! Programs that may ask: OAuth2 clients (RFC 6749), their secrets and their tokens. Working tables
//! as those of accounts are. Of secrets and tokens the SHA-256 alone is kept: both are 256 random
//! bits, which nobody guesses.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::accounts::{Role, hashed, moment, written};
use crate::entry::Done;
use crate::place::{MOST_PLACES, Places};
use crate::projection::places;
use crate::together::{Question, Together, padded};
use crate::{Store, StoreError, Writer};

/// How long a token lasts.
pub const TOKEN: SignedDuration = SignedDuration::from_hours(1);

/// Most tokens whose program is remembered.
const REMEMBERED: usize = 10_000;

/// Secrets of a client that are good at a time: while a program changes to the new one, the old
/// one is good too.
const SECRETS: i64 = 2;

/// What a program may do: an OAuth scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Read persons, with what is sensitive masked.
    PeopleRead,
    /// See what is sensitive; each such look is put on the record.
    PeopleSensitive,
    /// Send statements.
    StatementsWrite,
    /// Answer doubts.
    ReviewWrite,
    /// Follow the changes.
    ChangesRead,
}

impl Right {
    /// All.
    pub const ALL: [Right; 5] = [
        Right::PeopleRead,
        Right::PeopleSensitive,
        Right::StatementsWrite,
        Right::ReviewWrite,
        Right::ChangesRead,
    ];

    /// Its name as an OAuth scope.
    pub fn name(self) -> &'static str {
        match self {
            Right::PeopleRead => "people.read",
            Right::PeopleSensitive => "people.sensitive",
            Right::StatementsWrite => "statements.write",
            Right::ReviewWrite => "review.write",
            Right::ChangesRead => "changes.read",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Right> {
        Right::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What a program may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights(BTreeSet<Right>);

impl Rights {
    /// Those named, with blanks between; the name of one that there is not.
    pub fn parse(names: &str) -> Result<Rights, String> {
        let one = |name: &str| Right::parse(name).ok_or_else(|| name.to_owned());
        Ok(Rights(
            names
                .split_whitespace()
                .map(one)
                .collect::<Result<_, _>>()?,
        ))
    }

    /// Whether this is among them.
    pub fn has(&self, right: Right) -> bool {
        self.0.contains(&right)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that are among others, too.
    #[must_use]
    pub fn within(&self, others: &Rights) -> Rights {
        Rights(self.0.intersection(&others.0).copied().collect())
    }
}

impl std::fmt::Display for Rights {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, right) in self.0.iter().enumerate() {
            write!(to, "{}{}", if at > 0 { " " } else { "" }, right.name())?;
        }
        Ok(())
    }
}

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
        if self.rights.has(Right::PeopleSensitive) && self.purpose.trim().is_empty() {
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

    /// Makes all secrets but the newest useless at once, and every token: after a leak.
    pub async fn drop_old(&self, key: &str, by: &str) -> Result<(), ClientError> {
        let which = "AND made_at < (SELECT MAX(made_at) FROM client_secret WHERE client = $1)";
        let done = |key| Done::ProgramOldDropped { key };
        self.end(key, which, done, by).await
    }

    /// Closes a program: its secrets and tokens are useless at once.
    pub async fn close(&self, key: &str, by: &str) -> Result<(), ClientError> {
        let done = |key| Done::ProgramClosed { key };
        self.end(key, "", done, by).await
    }

    async fn end(
        &self,
        key: &str,
        which: &str,
        done: impl FnOnce(String) -> Done,
        by: &str,
    ) -> Result<(), ClientError> {
        let client = self.named(key).await?;
        let mut writer = self.store.begin().await?;
        alone(&mut writer.tx, client.id).await?;
        let sql = format!("DELETE FROM client_secret WHERE client = $1 {which}");
        for sql in [sql.as_str(), "DELETE FROM client_token WHERE client = $1"] {
            sqlx::query(AssertSqlSafe(sql.to_owned()))
                .bind(client.id)
                .execute(&mut *writer.tx)
                .await?;
        }
        writer.record(done(client.key), by).await?;
        writer.commit().await?;
        Ok(())
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

    /// The program that has this key and this secret. The secret is looked for by its hash, so that
    /// the time of the search tells nothing of it.
    pub async fn proven(&self, key: &str, secret: &str) -> Result<Option<Client>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM client c WHERE c.key = $1 AND EXISTS \
             (SELECT 1 FROM client_secret s WHERE s.client = c.id AND s.hash = $2)"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(key.to_owned())
            .bind(hashed(secret))
            .fetch_optional(&self.store.pool)
            .await?;
        Ok(row.as_ref().map(|row| read(row, 0)).transpose()?.flatten())
    }

    /// Keeps a token of a program, for some of its rights, and that its secret was used; those that ran
    /// out go. Not, and false, where the secret was ended meanwhile.
    pub async fn issue(
        &self,
        client: &Client,
        secret: &str,
        token: &str,
        rights: &Rights,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.store.pool.begin().await?;
        alone(&mut tx, client.id).await?;
        // To the moment, each time: the token makes this a write to the disk anyway, and a row more does not
        // make it another.
        let sql = "UPDATE client_secret SET used_at = $3 WHERE client = $1 AND hash = $2";
        let used = sqlx::query(sql)
            .bind(client.id)
            .bind(hashed(secret))
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        if used.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM client_token WHERE until <= $1")
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO client_token (hash, client, rights, until) VALUES ($1, $2, $3, $4)";
        sqlx::query(sql)
            .bind(hashed(token))
            .bind(client.id)
            .bind(rights.to_string())
            .bind(until.as_microsecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The program of a token, with the rights that both have.
    pub async fn of_token(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<Client>>, StoreError> {
        let hash = hashed(token);
        self.tokens
            .ask(&self.store.pool, Bearer { hash, now })
            .await
    }
}

/// Whose a token is.
#[derive(Debug, Clone)]
struct Bearer {
    hash: String,
    now: Timestamp,
}

/// Whose tokens were, for as long as nothing at all was written to the database since.
#[derive(Default)]
struct Known {
    version: Option<i64>,
    tokens: FxHashMap<String, (Timestamp, Arc<Client>)>,
}

impl Known {
    /// Forgets what may not hold any more. SQLite says whether another connection has written, be it
    /// another process's; of PostgreSQL nothing is known for longer than a query.
    async fn renew(&mut self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let version = if connection.backend_name() == "SQLite" {
            let sql = "PRAGMA data_version";
            Some(sqlx::query_scalar(sql).fetch_one(connection).await?)
        } else {
            None
        };
        if version.is_none() || version != self.version || self.tokens.len() > REMEMBERED {
            self.tokens.clear();
            self.version = version;
        }
        Ok(())
    }
}

impl Question for Bearer {
    type Answer = Option<Arc<Client>>;
    type Memory = Known;

    fn goes_with(&self, _: &Bearer) -> bool {
        true
    }

    async fn answers(
        connection: &mut AnyConnection,
        known: &mut Known,
        asked: &[Bearer],
    ) -> Result<Vec<Option<Arc<Client>>>, StoreError> {
        known.renew(connection).await?;
        let hashes = asked.iter().map(|one| one.hash.as_str());
        let mut hashes: Vec<&str> = hashes
            .filter(|hash| !known.tokens.contains_key(*hash))
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        let hashes = padded(hashes);
        if !hashes.is_empty() {
            let sql = format!(
                "SELECT {COLUMNS}, t.rights, t.until, t.hash FROM client_token t \
                 JOIN client c ON c.id = t.client WHERE t.hash IN ({})",
                places(1, hashes.len())
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for hash in hashes {
                query = query.bind(hash.to_owned());
            }
            for row in query.fetch_all(connection).await? {
                let of_token = kept_rights(&row, 7)?;
                let Some(client) = read(&row, 0)? else {
                    continue;
                };
                let rights = client.rights.within(&of_token);
                let client = Arc::new(Client { rights, ..client });
                let token = (moment(&row, 8)?, client);
                known.tokens.insert(row.try_get(9)?, token);
            }
        }
        let answer = |one: &Bearer| {
            let (until, client) = known.tokens.get(&one.hash)?;
            (*until > one.now).then(|| client.clone())
        };
        Ok(asked.iter().map(answer).collect())
    }
}

/// Lets no other transaction give or end tokens of a program until this one is done.
async fn alone(
    tx: &mut sqlx::Transaction<'static, sqlx::Any>,
    client: i64,
) -> Result<(), sqlx::Error> {
    let sql = "UPDATE client SET key = key WHERE id = $1";
    sqlx::query(sql).bind(client).execute(&mut **tx).await?;
    Ok(())
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

    /// Gives a program a new secret in the same transaction as what is appended, by a proposal that was
    /// approved where one is needed; the ledger number. The one before it stays good until the next. A
    /// closed program opens by it.
    pub async fn turn_program(
        &mut self,
        client: &Client,
        secret: &str,
        proposal: Option<i64>,
        by: &str,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        secret_added(&mut self.tx, client.id, secret, now).await?;
        let sql = "DELETE FROM client_secret WHERE client = $1 AND made_at NOT IN \
             (SELECT made_at FROM client_secret WHERE client = $1 ORDER BY made_at DESC LIMIT $2)";
        sqlx::query(sql)
            .bind(client.id)
            .bind(SECRETS)
            .execute(&mut *self.tx)
            .await?;
        let key = client.key.clone();
        self.record(Done::ProgramTurned { key, proposal }, by).await
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

async fn secret_added(
    tx: &mut sqlx::Transaction<'static, sqlx::Any>,
    client: i64,
    secret: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO client_secret (client, hash, made_at) VALUES ($1, $2, $3)")
        .bind(client)
        .bind(hashed(secret))
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Rights as they are kept; one that this version does not know is none.
fn kept_rights(row: &AnyRow, at: usize) -> Result<Rights, sqlx::Error> {
    let names: String = row.try_get(at)?;
    Ok(Rights(names.split(' ').filter_map(Right::parse).collect()))
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
