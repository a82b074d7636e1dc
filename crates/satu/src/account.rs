//! `satu account`: who may sign in to the site.

pub mod link;
mod token;

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use satu_store::Store;
use satu_store::accounts::{
    ANEW, Account, AccountError, Accounts, INVITED, MOST_DAYS, Role, USUAL_DAYS,
};
use satu_store::place::{Place, Places};
use satu_web::SiteAddress;
use satu_web::password::Owner;

use crate::database::{Database, refused};
use crate::serve::Passwords;
use crate::{Failure, four_eyes, print};

/// Who may sign in to the site.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    database: Database,
}

#[derive(Subcommand)]
enum Command {
    /// Make an account; its password is asked for, or read from standard input.
    Add {
        #[command(flatten)]
        whose: Whose,
        #[command(flatten)]
        passwords: Passwords,
    },
    /// Make an account and print a link by which its owner chooses the password, once, within a
    /// week.
    Invite {
        #[command(flatten)]
        whose: Whose,
        #[command(flatten)]
        site: Site,
    },
    /// List the accounts.
    List,
    /// Print a link by which the owner of an account chooses a new password, once, within a day. It
    /// opens a closed account again. While four eyes are on, it asks for a code that whoever approves
    /// it on the site gets.
    Reset {
        /// Whose.
        login: String,
        #[command(flatten)]
        site: Site,
    },
    /// Give an account a new password and end its sessions.
    Password {
        /// Whose.
        login: String,
        #[command(flatten)]
        passwords: Passwords,
    },
    /// Take the second factor off an account whose owner has lost it.
    ForgetFactor {
        /// Whose.
        login: String,
    },
    /// End the sessions of an account, or of everybody: who was signed in must sign in again.
    EndSessions {
        /// Whose.
        #[arg(required_unless_present = "all")]
        login: Option<String>,
        /// Everybody's.
        #[arg(long, conflicts_with = "login")]
        all: bool,
    },
    /// Make a token by which programs ask as this account where they speak as to SIASN, and print it,
    /// once.
    Token {
        /// Whose.
        login: String,
        /// What it is for, such as the program's name.
        #[arg(long, default_value = "program")]
        name: String,
        /// For how many days it is good.
        #[arg(long, default_value_t = USUAL_DAYS, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_DAYS)))]
        days: u16,
    },
    /// Make every token of an account useless.
    EndTokens {
        /// Whose.
        login: String,
    },
    /// Print what was done to the tokens of an account, as the ledger has it.
    TokenHistory {
        /// Whose.
        login: String,
    },
    /// Give an account another role or other places.
    Grant {
        /// Whose.
        login: String,
        #[command(flatten)]
        what: What,
    },
    /// Close an account: it can no longer sign in, and its sessions end.
    Close {
        /// Whose.
        login: String,
    },
}

/// An account that is to be made.
#[derive(clap::Args)]
struct Whose {
    /// What is typed to sign in.
    login: String,
    #[command(flatten)]
    what: What,
    /// The name to greet by.
    #[arg(long)]
    name: String,
}

/// What an account is for.
#[derive(clap::Args)]
struct What {
    /// What it is for.
    #[arg(long)]
    role: RoleName,
    /// Where a data officer or an administrator works, as records state it: AGENCY, or "AGENCY > UNIT"
    /// for a unit and all below it. May be given several times.
    #[arg(long, required_if_eq_any([("role", "officer"), ("role", "admin")]))]
    instansi: Vec<String>,
    /// A civil servant's NIP; of an officer or administrator, who holds the account, so that two accounts
    /// of one person are known for it.
    #[arg(long, default_value = "", required_if_eq("role", "asn"))]
    nip: String,
    /// Why, where the role needs a second person (`satu four-eyes`).
    #[arg(long, default_value = "")]
    reason: String,
}

impl What {
    /// Says who holds an account, where that is told.
    async fn held(&self, store: &Store, account: &Account) -> Result<(), Failure> {
        let nip = self.holder();
        if nip.is_empty() {
            return Ok(());
        }
        let set = store.accounts().set_nip(&account.login, nip).await;
        set.map_err(|error| failed(&error))
    }

    /// The NIP of who holds an account that is no civil servant's own.
    fn holder(&self) -> &str {
        match self.role {
            RoleName::Asn => "",
            _ => self.nip.trim(),
        }
    }

    fn role(&self) -> Role {
        match self.role {
            RoleName::Walidata => Role::Walidata,
            RoleName::Admin => Role::Administrator {
                places: places(&self.instansi),
            },
            RoleName::Officer => Role::Officer {
                places: places(&self.instansi),
            },
            RoleName::Asn => Role::Asn {
                nip: self.nip.clone(),
            },
        }
    }
}

impl Whose {
    /// Proposes the account where it needs a second person; it gets no password then, but a link once
    /// it is made.
    async fn proposed(&self, store: &Store) -> Result<Option<String>, Failure> {
        let (named, what) = ([self.login.as_str(), &self.name], &self.what);
        let role = what.role();
        four_eyes::proposed(store, named, (&role, what.holder()), &what.reason).await
    }
}

/// The places that are named.
pub fn places(named: &[String]) -> Places {
    named.iter().filter_map(|text| Place::parse(text)).collect()
}

/// Where the site is, for a link.
#[derive(clap::Args)]
struct Site {
    /// The address by which browsers reach the site.
    #[arg(long, env = "SATU_SITE")]
    site: Option<SiteAddress>,
}

impl Site {
    fn base(&self) -> String {
        let base = self.site.as_ref().map(SiteAddress::base);
        base.unwrap_or_else(|| "http://127.0.0.1:8017".to_owned())
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    /// The central data officer: sees everyone.
    Walidata,
    /// Administers the accounts of agencies or units, and sees no record.
    Admin,
    /// The data officer of agencies or units.
    Officer,
    /// A civil servant: sees the own record.
    Asn,
}

/// Makes, lists or changes accounts.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let database = &args.database;
    let told = match &args.command {
        Command::Add { whose, passwords } => {
            database.with(async |store| add(&store, whose, passwords).await)
        }
        Command::Invite { whose, site } => database.with(async |store| {
            if let Some(waits) = whose.proposed(&store).await? {
                return Ok(waits);
            }
            let accounts = store.accounts();
            let made = accounts.add(&whose.login, &whose.name, whose.what.role(), "");
            let account = made.await.map_err(|error| failed(&error))?;
            whose.what.held(&store, &account).await?;
            let link = link::made(&accounts, Some(account.id), INVITED, &site.base()).await?;
            Ok(format!("{link}\n"))
        }),
        Command::List => database.with_existing(async |store| list(&store).await),
        Command::Reset { login, site } => database.with_existing(async |store| {
            let accounts = store.accounts();
            let account = named(&accounts, login).await?;
            if let Some(half) = link::half(&store, &account, &site.base()).await? {
                return Ok(half);
            }
            let link = link::made(&accounts, Some(account.id), ANEW, &site.base()).await?;
            Ok(format!("{link}\n"))
        }),
        Command::Password { login, passwords } => database.with_existing(async |store| {
            let accounts = store.accounts();
            let account = named(&accounts, login).await?;
            let owner = Owner::new(&account.login, &account.name, &account.role);
            let hash = password_hash(passwords, &owner)?;
            let changed = accounts.set_password(login, &hash).await;
            changed.map_err(|error| failed(&error))?;
            Ok("the password is changed, and every session ended\n".to_owned())
        }),
        Command::ForgetFactor { login } => database.with_existing(async |store| {
            let accounts = store.accounts();
            let account = named(&accounts, login).await?;
            let had = accounts.remove_second(account.id, None).await;
            let had = had.map_err(|error| refused(&error))?;
            let told = if had {
                "the second factor is off\n"
            } else {
                "there was no second factor\n"
            };
            Ok(told.to_owned())
        }),
        Command::EndSessions { login, all: _ } => database.with_existing(async |store| {
            let accounts = store.accounts();
            let account = match login {
                Some(login) => Some(named(&accounts, login).await?.id),
                None => None,
            };
            let ended = accounts.end_sessions(account).await;
            let ended = ended.map_err(|error| refused(&error))?;
            Ok(format!("{ended} sessions ended\n"))
        }),
        Command::Token { login, name, days } => {
            database.with_existing(async |store| token::made(&store, login, name, *days).await)
        }
        Command::EndTokens { login } => {
            database.with_existing(async |store| token::ended(&store, login).await)
        }
        Command::TokenHistory { login } => {
            database.with_existing(async |store| token::history(&store, login).await)
        }
        Command::Grant { login, what } => database.with_existing(async |store| {
            let role = what.role();
            let held = (&role, what.holder());
            let waits = four_eyes::proposed(&store, [login, ""], held, &what.reason);
            if let Some(waits) = waits.await? {
                return Ok(waits);
            }
            let given = store.accounts().set_role(login, &role).await;
            let account = given.map_err(|error| failed(&error))?;
            what.held(&store, &account).await?;
            let of = of(&account.role);
            let line = format!("{} is {} {of}", account.login, account.role.name());
            Ok(format!("{}\n", line.trim_end()))
        }),
        Command::Close { login } => database.with_existing(async |store| {
            let closed = satu_registry::four_eyes::close(&store, login).await;
            closed.map_err(|error| four_eyes::failed(&error))?;
            Ok("the account is closed, and every session ended\n".to_owned())
        }),
    };
    print(&told?);
    Ok(ExitCode::SUCCESS)
}

async fn add(store: &Store, whose: &Whose, passwords: &Passwords) -> Result<String, Failure> {
    let role = whose.what.role();
    if let Some(waits) = whose.proposed(store).await? {
        return Ok(waits);
    }
    let owner = Owner::new(&whose.login, &whose.name, &role);
    let hash = password_hash(passwords, &owner)?;
    let accounts = store.accounts();
    let made = accounts.add(&whose.login, &whose.name, role, &hash);
    let account = made.await.map_err(|error| failed(&error))?;
    whose.what.held(store, &account).await?;
    Ok(format!(
        "{} ({}) may sign in\n",
        account.login,
        account.role.name()
    ))
}

async fn named(accounts: &Accounts, login: &str) -> Result<Account, Failure> {
    accounts.named(login).await.map_err(|error| failed(&error))
}

/// Where or who a role is for, for a line.
fn of(role: &Role) -> String {
    match role {
        Role::Asn { nip } => nip.clone(),
        role => role.places().map(Places::to_string).unwrap_or_default(),
    }
}

async fn list(store: &Store) -> Result<String, Failure> {
    let accounts = store.accounts();
    let listed = accounts.search("", 0, i64::MAX, Timestamp::now());
    let (_, listed) = listed.await.map_err(|error| refused(&error))?;
    let lines = listed.into_iter().map(|one| {
        let account = one.account;
        let of = of(&account.role);
        let state = match (one.open, one.link) {
            (true, _) if one.second => "second factor",
            (true, _) => "password",
            (false, Some(_)) => "invited",
            (false, None) => "closed",
        };
        let role = account.role.name();
        let line = format!(
            "{:20}  {role:8}  {state:13}  {}  {of}",
            account.login, account.name
        );
        format!("{}\n", line.trim_end())
    });
    Ok(lines.collect())
}

fn failed(error: &AccountError) -> Failure {
    Failure::new(error, error.hint())
}

/// A new password's hash: asked for twice without echo, or one line of standard input.
fn password_hash(passwords: &Passwords, owner: &Owner) -> Result<String, Failure> {
    let unread = |error: std::io::Error| Failure::new(&error, "Type the password, or pipe it in.");
    let typed = if std::io::stdin().is_terminal() {
        let once = rpassword::prompt_password("Password: ").map_err(unread)?;
        if once != rpassword::prompt_password("The same again: ").map_err(unread)? {
            return Err(Failure {
                message: "the two passwords differ".to_owned(),
                hint: "Nothing was changed; try again.".to_owned(),
            });
        }
        once
    } else {
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(unread)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    let hash = passwords.rules()?.hash(&typed, owner);
    hash.map_err(|error| Failure::new(&error, error.hint()))
}
