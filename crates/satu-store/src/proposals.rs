//! Decisions that need a second person: what is set, what waits, how it ended, and who may answer.

use jiff::Timestamp;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Encode, Row, Type};

use crate::accounts::{
    Account, AccountError, Accounts, Role, added, closed, given, held, moment, moment_of,
};
use crate::bulk::{self, Cell};
use crate::entry::{Act, Answered, FourEyes, Proposal};
use crate::{Entry, OPEN, Scope, Store, StoreError, Writer};

/// How many records one person may move at once, where the operator names no number: an ordinary pair
/// in doubt moves the rows of one person in a few files with their histories, and no more.
pub const RECORDS: u64 = 50;

/// Columns whose value says what becomes of somebody: whether they serve, and as what.
pub const STATUS: [&str; 2] = ["kedudukan_hukum", "jenis_pegawai"];

/// Before the names of programs, where accounts are named.
pub(crate) const PROGRAM: &str = "program:";

/// A proposal and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Its ledger number.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What is proposed.
    pub proposal: Proposal,
    /// How it ended, and when.
    pub answered: Option<(Timestamp, Answered)>,
}

impl Act {
    /// The role that it would give, or that a program would have; none where it is about persons.
    pub fn role(&self) -> Option<Role> {
        match self {
            Act::Merge { .. } | Act::Undo { .. } | Act::Value { .. } => None,
            Act::Grant {
                role, places, nip, ..
            } => Role::of(role, places.clone(), nip.clone()).or(Some(Role::Walidata)),
            Act::Link { role, places, .. } => {
                Role::of(role, places.clone(), String::new()).or(Some(Role::Walidata))
            }
            Act::Program { places, .. } | Act::Secret { places, .. } if !places.is_empty() => {
                Some(Role::Officer {
                    places: places.as_str().into(),
                })
            }
            Act::Program { .. } | Act::Secret { .. } | Act::FourEyes { .. } => Some(Role::Walidata),
        }
    }

    /// The program whose secret it is about; empty where it is about none.
    fn holder(&self) -> String {
        match self {
            Act::Program { key, .. } | Act::Secret { key, .. } => format!("{PROGRAM}{key}"),
            _ => String::new(),
        }
    }
}

pub(crate) async fn keep(
    connection: &mut AnyConnection,
    seq: i64,
    proposal: &Proposal,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO proposal (id, answered_by, holder) VALUES ($1, $2, $3)")
        .bind(seq)
        .bind(OPEN)
        .bind(proposal.act.holder())
        .execute(&mut *connection)
        .await?;
    let persons = proposal.persons.iter();
    let mut cells: Vec<Cell> = persons
        .flat_map(|person| [Cell::Int(seq), Cell::Int(*person)])
        .collect();
    let into = "proposal_person (proposal, person_id)";
    bulk::insert(connection, into, 2, &mut cells).await
}

pub(crate) async fn settle(
    connection: &mut AnyConnection,
    seq: i64,
    proposal: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE proposal SET answered_by = $2 WHERE id = $1")
        .bind(proposal)
        .bind(seq)
        .execute(connection)
        .await?;
    Ok(())
}

impl Store {
    /// Which decisions need a second person; none before anybody says so.
    pub async fn four_eyes(&self) -> Result<FourEyes, StoreError> {
        let sql = "SELECT seq, body FROM ledger WHERE seq = (SELECT MAX(id) FROM four_eyes)";
        let row: Option<(i64, Vec<u8>)> = sqlx::query_as(sql).fetch_optional(&self.pool).await?;
        let Some((seq, body)) = row else {
            return Ok(FourEyes::default());
        };
        Ok(match self.keys.ring()?.entry(seq, body)? {
            Entry::FourEyes(set) => set,
            _ => FourEyes::default(),
        })
    }

    /// The newest proposals that somebody of this role may see, those that wait first: about persons all
    /// of whom they reach, and about accounts that they look after.
    pub async fn proposals(&self, by: &Role, count: i64) -> Result<Vec<Proposed>, StoreError> {
        let order =
            format!("ORDER BY CASE WHEN p.answered_by = {OPEN} THEN 0 ELSE 1 END, p.id DESC");
        // What others see fills no place of a list that is not theirs.
        let mut found = self.proposed(by, "$2 = 0", 0, &order).await?;
        found.truncate(usize::try_from(count).unwrap_or(0));
        Ok(found)
    }

    /// The proposal of a number, if somebody of this role may see it.
    pub async fn proposal(&self, by: &Role, id: i64) -> Result<Option<Proposed>, StoreError> {
        Ok(self.proposed(by, "p.id = $2", id, "").await?.pop())
    }

    /// The number of a proposal of the same that waits.
    pub async fn proposed_already(&self, act: &Act) -> Result<Option<i64>, StoreError> {
        let which = format!("p.answered_by = {OPEN} AND $2 = 0");
        let all = self.proposed(&Role::Walidata, &which, 0, "").await?;
        let same = all.into_iter().find(|one| one.proposal.act == *act);
        Ok(same.map(|one| one.id))
    }

    /// What was proposed of the secrets of a program: to make it, or to give it a new one.
    pub async fn secrets_proposed(&self, program: &str) -> Result<Vec<Proposed>, StoreError> {
        let which = "p.holder = $2 AND p.holder <> ''";
        let holder = format!("{PROGRAM}{program}");
        self.proposed(&Role::Walidata, which, holder, "ORDER BY p.id")
            .await
    }

    async fn proposed<T>(
        &self,
        by: &Role,
        which: &str,
        bound: T,
        more: &str,
    ) -> Result<Vec<Proposed>, StoreError>
    where
        T: for<'q> Encode<'q, Any> + Type<Any> + Send + 'static,
    {
        // Nobody judges what is proposed about themselves.
        if matches!(by, Role::Asn { .. }) {
            return Ok(Vec::new());
        }
        let scope = by.scope();
        // Who is gone since, as by a merge, is nobody's any more; somebody must be within reach.
        let within = scope.persons("t.person_id", "$1");
        let about = "EXISTS (SELECT 1 FROM proposal_person t JOIN person k ON k.person_id = t.person_id \
                     WHERE t.proposal = p.id AND";
        let sql = format!(
            "SELECT p.id, l.recorded_at, l.body, COALESCE(a.recorded_at, 0), a.body, p.answered_by \
             FROM proposal p JOIN ledger l ON l.seq = p.id LEFT JOIN ledger a ON a.seq = p.answered_by \
             WHERE NOT {about} NOT {within}) AND ({about} {within}) OR NOT EXISTS \
             (SELECT 1 FROM proposal_person t WHERE t.proposal = p.id)) AND {which} {more}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(bound)
            .fetch_all(&self.pool)
            .await?;
        let (accounts, ring) = (self.accounts(), self.keys.ring()?);
        let mut found = Vec::new();
        for row in rows {
            let (id, at): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            let Entry::Proposed(proposal) = ring.entry(id, row.try_get(2)?)? else {
                continue;
            };
            let theirs = match proposal.act.role() {
                Some(role) => accounts.governs(by, &role).await?,
                None => !proposal.persons.is_empty(),
            };
            if !theirs {
                continue;
            }
            let answer: Option<Vec<u8>> = row.try_get(4)?;
            let answer = answer.map(|body| ring.entry(row.try_get(5)?, body));
            let answered = match answer.transpose()? {
                Some(Entry::Answered(answered)) => Some((moment(&row, 3)?, answered)),
                _ => None,
            };
            found.push(Proposed {
                id,
                at: moment_of(at),
                proposal,
                answered,
            });
        }
        Ok(found)
    }
}

impl Store {
    /// Whether who holds a login is one of these persons: any record of theirs states the NIP of the account,
    /// also where the golden record has another since. No where nobody says who holds it.
    pub async fn is_among(&self, login: &str, persons: &[i64]) -> Result<bool, StoreError> {
        let (_, nip) = self.accounts().person_of(login).await?;
        if nip.is_empty() {
            return Ok(false);
        }
        let theirs = self.find(&Scope::whole(), "nip", &nip).await?;
        Ok(theirs.iter().any(|person| persons.contains(person)))
    }
}

impl Accounts {
    /// Whether two logins are of one person: the same, of one NIP, or a program and who answers for it.
    pub async fn same_person(&self, one: &str, other: &str) -> Result<bool, StoreError> {
        let [one, other] = [self.person_of(one).await?, self.person_of(other).await?];
        let same_nip = !one.1.is_empty() && one.1 == other.1;
        Ok(same_nip || (!one.0.is_empty() && one.0 == other.0))
    }

    /// Notes that an account is shown a secret of a program: it could act as the program from then on.
    pub async fn shown_secret(&self, client: i64, login: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO client_shown (client, login) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let noted = sqlx::query(sql).bind(client).bind(login.to_owned());
        noted.execute(&self.pool).await?;
        Ok(())
    }

    /// Whether a person was ever shown a secret of the program that has the one login, by any of
    /// their accounts.
    pub async fn saw_secret(&self, program: &str, login: &str) -> Result<bool, StoreError> {
        let program = program.to_lowercase();
        let Some(key) = program.strip_prefix(PROGRAM) else {
            return Ok(false);
        };
        let sql = "SELECT s.login FROM client_shown s JOIN client c ON c.id = s.client \
                   WHERE LOWER(c.key) = $1";
        let shown: Vec<(String,)> = sqlx::query_as(sql)
            .bind(key.to_owned())
            .fetch_all(&self.pool)
            .await?;
        for (one,) in shown {
            if self.same_person(&one, login).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a login is of the civil servant of a NIP.
    pub async fn is_of(&self, login: &str, nip: &str) -> Result<bool, StoreError> {
        Ok(!nip.is_empty() && self.person_of(login).await?.1 == nip)
    }

    /// The login of whoever answers for what stands under a login, and their NIP.
    async fn person_of(&self, login: &str) -> Result<(String, String), StoreError> {
        let mut login = login.to_lowercase();
        if let Some(key) = login.strip_prefix(PROGRAM) {
            let row: Option<(String,)> =
                sqlx::query_as("SELECT owner FROM client WHERE LOWER(key) = $1")
                    .bind(key.to_owned())
                    .fetch_optional(&self.pool)
                    .await?;
            login = row
                .map(|(owner,)| owner)
                .filter(|owner| !owner.is_empty())
                .unwrap_or(login);
        }
        let row: Option<(String,)> = sqlx::query_as("SELECT nip FROM account WHERE login = $1")
            .bind(login.clone())
            .fetch_optional(&self.pool)
            .await?;
        Ok((login, row.map(|(nip,)| nip).unwrap_or_default()))
    }

    /// Says which civil servant holds an account of an officer or an administrator, so that two accounts
    /// of one person are known for it.
    pub async fn set_nip(&self, login: &str, nip: &str) -> Result<(), AccountError> {
        let mut tx = self.pool.begin().await?;
        held(&mut tx, login, nip).await?;
        Ok(tx.commit().await?)
    }

    /// How many persons, as far as accounts tell, may approve for the whole country: central accounts
    /// that can sign in, leaving out the one of a login.
    pub async fn centres(&self, without: &str) -> Result<i64, StoreError> {
        let sql = "SELECT COUNT(DISTINCT CASE WHEN nip = '' THEN login ELSE nip END) FROM account \
                   WHERE role = 'walidata' AND login <> $1 AND (password <> '' OR EXISTS (SELECT 1 FROM identity i \
                   WHERE i.account = account.id AND i.shut = 0))";
        let count = sqlx::query_as(sql).bind(without.to_owned());
        let (count,): (i64,) = count.fetch_one(&self.pool).await?;
        Ok(count)
    }
}

impl Writer {
    /// Makes an account, which a link must open, in the same transaction as what is appended.
    pub async fn add_account(
        &mut self,
        login: &str,
        name: &str,
        role: Role,
    ) -> Result<Account, AccountError> {
        added(&mut self.tx, login, name, role, "").await
    }

    /// Gives an account another role in the same transaction as what is appended.
    pub async fn set_role(&mut self, login: &str, role: &Role) -> Result<(), AccountError> {
        given(&mut self.tx, login, role).await
    }

    /// Closes an account in the same transaction as what is appended.
    pub async fn close_account(&mut self, login: &str) -> Result<(), AccountError> {
        closed(&mut self.tx, login).await
    }

    /// Says who holds an account in the same transaction as what is appended.
    pub async fn set_nip(&mut self, login: &str, nip: &str) -> Result<(), AccountError> {
        held(&mut self.tx, login, nip).await
    }

    /// Whether the golden record of a person changed after a ledger number.
    pub async fn changed_since(&mut self, person: i64, seq: i64) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM change WHERE person_id = $1 AND seq > $2 LIMIT 1";
        let row = sqlx::query(sql)
            .bind(person)
            .bind(seq)
            .fetch_optional(&mut *self.tx)
            .await?;
        Ok(row.is_some())
    }
}
