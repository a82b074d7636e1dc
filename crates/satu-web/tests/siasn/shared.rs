//! One program that officers of several agencies use: none has a part in another's.

use serde_json::json as object;

use satu_store::Scope;
use satu_store::accounts::Role;

use super::*;

const OTHER: &str = "Pemerintah Kota Lain";

#[tokio::test(flavor = "multi_thread")]
async fn a_program_of_two_agencies_keeps_them_apart_on_sqlite() {
    kept_apart(site(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_of_two_agencies_keeps_them_apart_on_postgresql() {
    kept_apart(site_on_postgres(satu_web::Settings::default()).await).await;
}

async fn kept_apart(site: Site) {
    let head = "nip,nik,nama,tanggal_lahir,jenis_kelamin,instansi_induk\n";
    let ani = format!("{ANI},3273015703850004,ANI CONTOH,1985-03-17,P,{AGENCY}\n");
    let budi = format!("{BUDI},3273010101900001,BUDI ASING,1990-01-01,L,{OTHER}\n");
    delivered(&site, "pusat", "", &[head, &ani, &budi].concat()).await;
    link_all(&site.store).await.unwrap();
    let places = OTHER.to_owned().into();
    let hash = satu_web::password::hash(PASSWORD).unwrap();
    let accounts = site.store.accounts();
    let role = Role::Officer { places };
    accounts
        .add("lain", "Contoh Lain", role, &hash)
        .await
        .unwrap();
    program(&site, "bersama", false, RIGHTS).await;
    let gateway = token(&site, "bersama").await;
    let site = Arc::new(site);
    let mut ids = Vec::new();
    for (login, nip) in [
        ("petugas", ANI),
        ("lain", BUDI),
        ("walidata", ANI),
        ("lain", BUDI),
    ] {
        let simpeg = Simpeg {
            site: site.clone(),
            gateway: gateway.clone(),
            personal: personal(&site, login).await,
            base: "/apisiasn/1.0",
        };
        let id = simpeg.pns_id(nip).await;
        let award = object!({"pnsOrangId": id, "hargaId": "201", "skDate": "17-08-2025", "skNomor": format!("{}/{login}", ids.len()), "tahun": 2025});
        ids.push(
            simpeg
                .saved("/penghargaan/save", "rwPenghargaanId", &award)
                .await,
        );
    }
    let store = &site.store;
    for (agency, deliveries, own, other) in [(AGENCY, 1, ANI, BUDI), (OTHER, 2, BUDI, ANI)] {
        let scope = Scope::agency(agency);
        let sources = store.sources(&scope).await.unwrap();
        assert_eq!(sources.len(), 1, "{sources:?}");
        assert_eq!(sources[0].instansi, agency);
        assert_eq!(store.submissions(&scope).await.unwrap().len(), deliveries);
        let found = async |nip| store.find(&scope, "nip", nip).await.unwrap().len();
        assert_eq!((found(own).await, found(other).await), (1, 0));
    }
    // That of the file, and three of the program.
    assert_eq!(store.sources(&Scope::whole()).await.unwrap().len(), 4);
}
