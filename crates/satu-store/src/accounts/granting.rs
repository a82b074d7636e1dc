//! Who looks after whose account, and what they may make of it.

use jiff::Timestamp;
use satu_domain::Nip;
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::{Account, AccountError, Accounts, Listed, Role, fits, holding, listed, written};
use crate::StoreError;
use crate::scope::covers;

impl Accounts {
    /// Whether somebody of one role may give another, or look after an account that has it: the centre
    /// every one, an administrator those no higher than their own and within their places.
    pub async fn governs(&self, by: &Role, role: &Role) -> Result<bool, StoreError> {
        match by {
            Role::Walidata => Ok(true),
            Role::Administrator { .. } if role.rank() <= by.rank() => {
                covers(&self.pool, &by.ground(), &role.ground()).await
            }
            _ => Ok(false),
        }
    }

    /// The account of a number, if somebody of this role looks after it.
    pub async fn governed(&self, by: &Role, id: i64) -> Result<Option<Account>, StoreError> {
        match self.of(id).await? {
            Some(account) if self.governs(by, &account.role).await? => Ok(Some(account)),
            _ => Ok(None),
        }
    }

    /// Whether an account of this login could be made, or where no name is given, changed to this role.
    /// `nip` says who holds it; it may be empty.
    pub async fn checked(
        &self,
        [login, name]: [&str; 2],
        role: &Role,
        nip: &str,
    ) -> Result<(), AccountError> {
        role.checked()?;
        if !nip.is_empty() {
            kept_nip(nip)?;
        }
        match (self.named(login).await, name.trim().is_empty()) {
            (Ok(account), false) => Err(AccountError::Taken(account.login)),
            (Err(AccountError::Unknown(_)), false) if fits(&written(login)) => Ok(()),
            (Err(AccountError::Unknown(_)), false) => Err(AccountError::Login(written(login))),
            (found, _) => found.map(|_| ()),
        }
    }

    /// Gives an account another role or other places; what it reaches changes with its next question.
    /// Its tokens stay, for what the new role reaches.
    pub async fn set_role(&self, login: &str, role: &Role) -> Result<Account, AccountError> {
        let mut tx = self.pool.begin().await?;
        given(&mut tx, login, role).await?;
        tx.commit().await?;
        self.named(login).await
    }

    /// Part of the accounts that somebody of this role looks after and whose login or name holds a text,
    /// and how many there are: officers and administrators first, then civil servants, by login.
    pub async fn search_of(
        &self,
        by: &Role,
        text: &str,
        skip: i64,
        count: i64,
        now: Timestamp,
    ) -> Result<(i64, Vec<Listed>), StoreError> {
        if *by == Role::Walidata {
            return self.search(text, skip, count, now).await;
        }
        let ground = by.ground();
        let text = holding(text);
        let mut found = Vec::new();
        let of_places = "a.role IN ('admin', 'officer')";
        for one in listed(&self.pool, of_places, [&text, ""], (i64::MAX, 0), now).await? {
            if self.governs(by, &one.account.role).await? {
                found.push(one);
            }
        }
        let within = ground.persons("p.person_id", "$2");
        let own = format!(
            "a.role = 'asn' AND EXISTS (SELECT 1 FROM person p WHERE p.nip = a.nip AND {within})"
        );
        let value = ground.value();
        let sql = format!(
            "SELECT COUNT(*) FROM account a WHERE {} AND {own}",
            super::HOLDS
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(text.clone())
            .bind(value.clone())
            .fetch_one(&self.pool)
            .await?;
        let staff = found.len() as i64;
        let total = staff + row.try_get::<i64, _>(0)?;
        let mut page: Vec<Listed> = found
            .into_iter()
            .skip(usize::try_from(skip).unwrap_or(usize::MAX))
            .take(usize::try_from(count).unwrap_or(0))
            .collect();
        let rest = (count - page.len() as i64, (skip - staff).max(0));
        page.extend(listed(&self.pool, &own, [&text, &value], rest, now).await?);
        Ok((total, page))
    }
}

/// Says which civil servant holds an account, as part of a transaction.
pub(crate) async fn held(
    tx: &mut Transaction<'static, Any>,
    login: &str,
    nip: &str,
) -> Result<(), AccountError> {
    let sql = "UPDATE account SET nip = $2 WHERE login = $1";
    let done = sqlx::query(sql)
        .bind(written(login))
        .bind(kept_nip(nip)?)
        .execute(&mut **tx)
        .await?;
    match done.rows_affected() {
        0 => Err(AccountError::Unknown(written(login))),
        _ => Ok(()),
    }
}

/// The NIP of who holds an account, as accounts keep it, so that two can be compared.
pub fn kept_nip(nip: &str) -> Result<String, AccountError> {
    let parsed = Nip::parse(nip).map_err(|_| AccountError::Nip(nip.to_owned()))?;
    Ok(parsed.to_string())
}

/// Gives an account another role as part of a transaction; whose account it is stays known.
pub(crate) async fn given(
    tx: &mut Transaction<'static, Any>,
    login: &str,
    role: &Role,
) -> Result<(), AccountError> {
    role.checked()?;
    let [kind, places, nip] = role.columns();
    let sql = "UPDATE account SET role = $2, instansi = $3, \
               nip = CASE WHEN $4 = '' THEN nip ELSE $4 END WHERE login = $1";
    let done = sqlx::query(sql)
        .bind(written(login))
        .bind(kind)
        .bind(places)
        .bind(nip)
        .execute(&mut **tx)
        .await?;
    if done.rows_affected() == 0 {
        return Err(AccountError::Unknown(written(login)));
    }
    Ok(())
}
