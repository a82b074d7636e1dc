//! A source stays whose it is.

use super::adding::empty;
use super::*;
use satu_store::StoreError;

#[tokio::test(flavor = "multi_thread")]
async fn a_source_becomes_neither_another_agency_s_nor_of_another_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    for store in empty(folder.path(), "declaring").await {
        let mut rows = format!("{HEAD}{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n");
        let standard = Standard::new(CodeLists::core(), date(2026, 11, 24));
        for (name, kind, instansi, taken) in [
            ("SIMPEG", SourceKind::Agency, "Kota Contoh", true),
            ("SIMPEG baru", SourceKind::Agency, "KOTA  CONTOH", true),
            ("SIMPEG baru", SourceKind::Agency, "Kota Lain", false),
            ("SIMPEG baru", SourceKind::Central, "Kota Contoh", false),
        ] {
            // Another delivery each time.
            rows.push('\n');
            std::fs::write(&path, &rows).unwrap();
            let source = Source {
                code: "a".into(),
                name: name.into(),
                kind,
                instansi: instansi.into(),
            };
            let delivery = Delivery {
                path: path.clone(),
                map: None,
                sheet: None,
                stated_on: None,
                way: Way::File,
            };
            let head = store.head().await.unwrap();
            match take_in(&store, &source, &delivery, &standard).await {
                Ok(Taken::New(..)) => assert!(taken),
                Err(TakeInError::Store(StoreError::OtherSource(code))) => {
                    assert!(!taken);
                    assert_eq!(code, "a");
                    assert_eq!(store.head().await.unwrap(), head);
                }
                other => panic!("{name} {instansi}: {other:?}"),
            }
        }
        let sources = store.sources(&Scope::whole()).await.unwrap();
        let told: Vec<_> = sources.iter().map(|one| (&*one.name, one.kind)).collect();
        assert_eq!(told, [("SIMPEG baru", SourceKind::Agency)]);
    }
}
