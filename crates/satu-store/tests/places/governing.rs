//! Whose accounts an administrator looks after.

use jiff::Timestamp;
use satu_store::Scope;
use satu_store::accounts::{Accounts, Role};

use super::{NIPS, country};
use crate::databases;

async fn logins(accounts: &Accounts, by: &Role, part: (i64, i64)) -> (i64, Vec<String>) {
    let found = accounts.search_of(by, "", part.0, part.1, Timestamp::now());
    let (total, found) = found.await.unwrap();
    let logins = found.into_iter().map(|one| one.account.login);
    (total, logins.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_governs_what_is_theirs_and_no_higher() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let (store, _) = country(&address).await;
        let accounts = store.accounts();
        let admin = |places: &str| Role::Administrator {
            places: places.into(),
        };
        let officer = |places: &str| Role::Officer {
            places: places.into(),
        };
        let asn = |nip: &str| Role::Asn { nip: nip.into() };
        let of_province = admin("Provinsi Contoh");
        assert_eq!(of_province.scope(), Scope::nothing());
        for (login, role, governed) in [
            ("pusat", Role::Walidata, false),
            ("prov.admin", of_province.clone(), true),
            ("prov.petugas", officer("Provinsi Contoh"), true),
            (
                "prov.unit",
                officer("Provinsi Contoh > Dinas Kesehatan"),
                true,
            ),
            (
                "prov.unit.admin",
                admin("Provinsi Contoh > Inspektorat"),
                true,
            ),
            ("kab.petugas", officer("Kabupaten Contoh"), false),
            ("dua", officer("Provinsi Contoh\nKabupaten Contoh"), false),
            ("asn.prov", asn(NIPS[0]), true),
            ("asn.kab", asn(NIPS[4]), false),
        ] {
            let made = accounts
                .add(login, "Contoh", role.clone(), "x")
                .await
                .unwrap();
            assert_eq!(made.role, role);
            assert_eq!(accounts.named(login).await.unwrap().role, role);
            let told = accounts.governs(&of_province, &role).await.unwrap();
            assert_eq!(told, governed, "{login}");
            let found = accounts.governed(&of_province, made.id).await.unwrap();
            assert_eq!(found.is_some(), governed, "{login}");
            // Officers and civil servants look after nobody.
            assert!(
                !accounts
                    .governs(&officer("Provinsi Contoh"), &role)
                    .await
                    .unwrap()
            );
            assert!(accounts.governs(&Role::Walidata, &role).await.unwrap());
        }
        let own = [
            "prov.admin",
            "prov.petugas",
            "prov.unit",
            "prov.unit.admin",
            "asn.prov",
        ];
        assert_eq!(
            logins(&accounts, &of_province, (0, 9)).await,
            (5, own.map(str::to_owned).to_vec())
        );
        let page = logins(&accounts, &of_province, (3, 2)).await;
        assert_eq!(
            page,
            (5, own[3..].iter().map(|one| (*one).to_owned()).collect())
        );
        let page = logins(&accounts, &of_province, (4, 2)).await;
        assert_eq!(page, (5, vec!["asn.prov".to_owned()]));
        let of_unit = admin("Provinsi Contoh > Inspektorat");
        assert_eq!(
            logins(&accounts, &of_unit, (0, 9)).await.1,
            ["prov.unit.admin"]
        );
        assert_eq!(logins(&accounts, &Role::Walidata, (0, 9)).await.0, 9);

        let given = accounts
            .set_role("prov.unit", &officer("Provinsi Contoh"))
            .await;
        assert_eq!(given.unwrap().role, officer("Provinsi Contoh"));
        assert!(accounts.set_role("prov.unit", &officer(" ")).await.is_err());
        assert!(accounts.set_role("prov.unit", &asn("1")).await.is_err());
        assert!(accounts.set_role("tiada", &Role::Walidata).await.is_err());
        let many: Vec<String> = (0..101).map(|one| format!("Kota {one}")).collect();
        let many = many.join("\n");
        assert!(
            accounts
                .set_role("prov.unit", &officer(&many))
                .await
                .is_err()
        );
    }
}
