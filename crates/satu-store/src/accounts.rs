//! Who may sign in, and who is signed in. Working tables of the site: no part of the ledger, not
//! replayed, not compared by [`Store::verify`].

mod granting;
mod identities;
mod links;
mod personal;
mod role;
mod second;
mod sessions;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{Any, AnyPool, AssertSqlSafe, Row, Transaction};

pub use granting::kept_nip;
pub(crate) use granting::{given, held};
pub use identities::{How, Identity, Means};
pub use links::{ANEW, INVITED};
pub use personal::{MOST_DAYS, PERSONAL, PersonalToken, USUAL_DAYS};
pub use role::Role;
pub use second::Second;
pub use sessions::{AWAITS, Browser, IDLE, KNOWN, LONGEST, Session};

use crate::place::MOST_PLACES;
use crate::{Store, StoreError, hex};

/// Most letters of a login.
pub const LONGEST_LOGIN: usize = 64;

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

/// An account as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// Whether it has a password or a provider that signs it in.
    pub open: bool,
    /// Whether it has a second factor.
    pub second: bool,
    /// Until when a link waits for it.
    pub link: Option<Timestamp>,
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
    /// An officer or administrator of no agency.
    #[error("the account names no agency")]
    Instansi,
    /// More places than a question can hold.
    #[error("the account names {0} places; {MOST_PLACES} is the most")]
    Places(usize),
    /// A civil servant whose NIP is none.
    #[error("{0:?} is no NIP")]
    Nip(String),
    /// Somebody at a provider who has an account already.
    #[error("this person has an account already")]
    Linked,
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
            AccountError::Instansi => {
                "Give --instansi, as its records state it: AGENCY, or \"AGENCY > UNIT\"."
            }
            AccountError::Places(_) => "Give a whole agency in place of its units.",
            AccountError::Nip(_) => "Give --nip: 18 digits.",
            AccountError::Linked => "Let them sign in again.",
            AccountError::Store(error) => error.hint(),
        }
    }
}

/// The accounts and sessions of a database; no way from here to what the register holds.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub(crate) pool: AnyPool,
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
    /// Makes an account. `password` is a hash in PHC form, never the password; empty, the account
    /// cannot sign in before a link gives it one.
    pub async fn add(
        &self,
        login: &str,
        name: &str,
        role: Role,
        password: &str,
    ) -> Result<Account, AccountError> {
        let mut tx = self.pool.begin().await?;
        let account = added(&mut tx, login, name, role, password).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Gives an account a new password (as a hash in PHC form) and ends its sessions, with the tokens that
    /// the password before gave.
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
        end_all(&mut tx, Some(row.try_get(0)?)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes from an account all that it signs in with: password, second factor, links, sessions
    /// and known browsers; no provider signs it in. What it did stays on record under its login; a new link opens it again.
    pub async fn close(&self, login: &str) -> Result<(), AccountError> {
        let mut tx = self.pool.begin().await?;
        closed(&mut tx, login).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The account of a login that can sign in, and the hash of its password.
    pub async fn find(&self, login: &str) -> Result<Option<(Account, String)>, StoreError> {
        let sql = "SELECT id, login, name, role, instansi, nip, password FROM account \
                   WHERE login = $1 AND password <> ''";
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

    /// The account of a number.
    pub async fn of(&self, id: i64) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT id, login, name, role, instansi, nip FROM account WHERE id = $1";
        let row = sqlx::query(sql).bind(id).fetch_optional(&self.pool).await?;
        Ok(row.map(|row| account(&row)).transpose()?.flatten())
    }

    /// The account of a login, whether or not it can sign in.
    pub async fn named(&self, login: &str) -> Result<Account, AccountError> {
        let login = written(login);
        let sql = "SELECT id, login, name, role, instansi, nip FROM account WHERE login = $1";
        let row = sqlx::query(sql)
            .bind(login.clone())
            .fetch_optional(&self.pool)
            .await?;
        let found = row.map(|row| account(&row)).transpose()?.flatten();
        found.ok_or(AccountError::Unknown(login))
    }

    /// Whether there is no account at all.
    pub async fn none(&self) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM account LIMIT 1");
        Ok(row.fetch_optional(&self.pool).await?.is_none())
    }

    /// Part of the accounts whose login or name holds a text, by login; and how many do.
    pub async fn search(
        &self,
        text: &str,
        skip: i64,
        count: i64,
        now: Timestamp,
    ) -> Result<(i64, Vec<Listed>), StoreError> {
        let text = holding(text);
        let sql = format!("SELECT COUNT(*) FROM account a WHERE {HOLDS}");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(text.clone())
            .fetch_one(&self.pool)
            .await?;
        let total = row.try_get(0)?;
        let found = listed(&self.pool, "$2 = ''", [&text, ""], (count, skip), now).await?;
        Ok((total, found))
    }
}

/// The condition that login or name holds a text, which is `$1` as [`holding`] writes it.
const HOLDS: &str = "(a.login LIKE $1 ESCAPE '~' OR LOWER(a.name) LIKE $1 ESCAPE '~')";

/// A text as a pattern that it is part of.
fn holding(text: &str) -> String {
    // `~` is in no login, and in a name it is looked for as anything else is.
    let text = text.trim().to_lowercase();
    let text = text
        .replace('~', "~~")
        .replace('%', "~%")
        .replace('_', "~_");
    format!("%{text}%")
}

/// So many accounts, after so many, that hold `$1` and meet another condition, in which `$2` stands for
/// the second text; by login.
async fn listed(
    pool: &AnyPool,
    which: &str,
    [text, value]: [&str; 2],
    (count, skip): (i64, i64),
    now: Timestamp,
) -> Result<Vec<Listed>, StoreError> {
    let sql = format!(
        "SELECT a.id, a.login, a.name, a.role, a.instansi, a.nip, \
         CASE WHEN a.password = '' AND NOT EXISTS (SELECT 1 FROM identity i \
         WHERE i.account = a.id AND i.shut = 0) THEN 0 ELSE 1 END, \
         CASE WHEN s.account IS NULL THEN 0 ELSE 1 END, COALESCE(l.until, 0) \
         FROM account a LEFT JOIN second_factor s ON s.account = a.id \
         LEFT JOIN link l ON l.account = a.id AND l.until > $3 \
         WHERE {HOLDS} AND {which} ORDER BY a.login LIMIT $4 OFFSET $5"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(text.to_owned())
        .bind(value.to_owned())
        .bind(now.as_microsecond())
        .bind(count)
        .bind(skip)
        .fetch_all(pool)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(account) = account(&row)? else {
            continue;
        };
        // One engine gives the CASE 32 bits, the other 64.
        let told = |at: usize| {
            row.try_get::<i64, _>(at)
                .or_else(|_| row.try_get::<i32, _>(at).map(i64::from))
        };
        found.push(Listed {
            account,
            open: told(6)? == 1,
            second: told(7)? == 1,
            link: Some(moment(&row, 8)?).filter(|until| *until > now),
        });
    }
    Ok(found)
}

/// The name under which a token is kept: of a session, a link, a browser, a recovery code.
pub fn hashed(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

pub(crate) fn written(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Whether a login can be typed everywhere.
fn fits(login: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-_@".contains(c);
    (3..=LONGEST_LOGIN).contains(&login.len()) && login.chars().all(fits)
}

/// A moment kept in microseconds.
pub(crate) fn moment(row: &AnyRow, at: usize) -> Result<Timestamp, sqlx::Error> {
    Ok(moment_of(row.try_get(at)?))
}

/// The moment that is kept as so many microseconds.
pub(crate) fn moment_of(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MIN)
}

/// Ends every session of an account, or of all, with the tokens that passwords gave; how many sessions
/// there were.
async fn end_all(
    tx: &mut Transaction<'static, Any>,
    account: Option<i64>,
) -> Result<u64, sqlx::Error> {
    personal::end_given(tx, account).await?;
    let ended = sqlx::query("DELETE FROM sign_in WHERE $1 OR account = $2")
        .bind(account.is_none())
        .bind(account.unwrap_or_default())
        .execute(&mut **tx)
        .await?;
    Ok(ended.rows_affected())
}

/// Closes an account as part of a transaction.
pub(crate) async fn closed(
    tx: &mut Transaction<'static, Any>,
    login: &str,
) -> Result<(), AccountError> {
    let login = written(login);
    let row = sqlx::query("UPDATE account SET password = '' WHERE login = $1 RETURNING id")
        .bind(login.clone())
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = row else {
        return Err(AccountError::Unknown(login));
    };
    let id: i64 = row.try_get(0)?;
    end_all(tx, Some(id)).await?;
    second::forgotten(tx, id).await?;
    identities::shut(tx, id, true).await?;
    for sql in [
        "DELETE FROM known_browser WHERE account = $1",
        "DELETE FROM link WHERE account = $1",
        "DELETE FROM personal_token WHERE account = $1",
    ] {
        sqlx::query(sql).bind(id).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Makes an account as part of a transaction.
pub(crate) async fn added(
    tx: &mut Transaction<'static, Any>,
    login: &str,
    name: &str,
    role: Role,
    password: &str,
) -> Result<Account, AccountError> {
    let login = written(login);
    if !fits(&login) {
        return Err(AccountError::Login(login));
    }
    let name = name.trim();
    if name.is_empty() {
        return Err(AccountError::Name);
    }
    role.checked()?;
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
        .fetch_optional(&mut **tx)
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
