//! The data standard: rules that yield findings, pure and fast over one row or five million.

mod career;
mod codes;
mod cross;
mod file;
mod histories;
mod identity;
mod page;
mod processing;
mod row;
mod rule;
mod salary;

pub use codes::{CodeListError, CodeLists, NoCodeList};
pub use cross::{CrossFinding, CrossRow};
pub use file::FileRule;
pub use page::standard_markdown;
pub use processing::{PROCESSING, Processing};
pub use rule::{Finding, Numbers, Rule, Severity, Standard};
pub use salary::lowest_base_salary;
