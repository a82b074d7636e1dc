//! What is sent twice, and what comes once more after it was deleted.

use serde_json::json as object;

use super::documents::PDF;
use super::saves::row;
use super::*;

async fn both() -> [Simpeg; 2] {
    let postgres = site_on_postgres(satu_web::Settings::default()).await;
    [simpeg(site(false).await).await, simpeg(postgres).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_with_its_documents_that_is_sent_twice_makes_one_row() {
    for simpeg in both().await {
        let pns = simpeg.pns_id(ANI).await;
        let other = [PDF, b"\n"].concat();
        let save = async |file: &[u8]| {
            let parts = [
                ("pns_orang_id", None, pns.as_bytes()),
                ("harga_id", None, b"201"),
                ("tahun", None, b"2022"),
                ("sk_nomor", None, b"P/9"),
                ("sk_date", None, b"17-08-2022"),
                ("file", Some("a.pdf"), file),
            ];
            let answer = simpeg.upload("/penghargaan/document/save", &parts).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            id_of(&answer, "rwPenghargaanId")
        };
        let id = save(PDF).await;
        let rows = simpeg.data(&format!("/pns/rw-penghargaan/{ANI}")).await;
        assert_eq!(save(PDF).await, id);
        let again = simpeg.data(&format!("/pns/rw-penghargaan/{ANI}")).await;
        assert_eq!(again, rows);
        // Another document is another row's.
        let second = save(&other).await;
        assert_ne!(second, id);
        assert_eq!((save(&other).await, save(PDF).await), (second, id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activity_of_an_agency_that_is_sent_twice_is_kept_once() {
    for simpeg in both().await {
        let path = "/kompetensi/refkegiataninstansi/save";
        let event = |name: &str| object!({"instansiId": "1", "namaKegiatan": name, "tahun": 2026});
        let first = simpeg.saved(path, "id", &event("Uji")).await;
        assert_ne!(simpeg.saved(path, "id", &event("Lain")).await, first);
        assert_eq!(simpeg.saved(path, "id", &event("Uji")).await, first);
        // The same of the centre is its own.
        program(&simpeg.site, "luar", false, RIGHTS).await;
        let central = Simpeg {
            site: simpeg.site.clone(),
            gateway: token(&simpeg.site, "luar").await,
            personal: personal(&simpeg.site, "walidata").await,
            base: simpeg.base,
        };
        assert_ne!(central.saved(path, "id", &event("Uji")).await, first);
        let own = simpeg.data("/kompetensi/refkegiatan").await;
        assert_eq!(own.as_array().unwrap().len(), 2, "{own}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_comes_again_with_the_next_file_of_its_source() {
    for simpeg in both().await {
        let list = format!("/pns/rw-penghargaan/{ANI}");
        let rows = simpeg.data(&list).await;
        let id = rows[0]["id"].as_str().unwrap();
        let answer = simpeg.delete(&format!("/penghargaan/delete/{id}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(simpeg.data(&list).await, object!([]));
        let next = format!(
            "nip,jenis_penghargaan,sk_nomor,sk_tanggal,tahun\n{ANI},202,PUSAT/1,2015-08-17,2015\n\n"
        );
        delivered(&simpeg.site, "pusat", "", &next).await;
        link_all(&simpeg.site.store).await.unwrap();
        let again = simpeg.data(&list).await;
        assert_eq!(row(&again, id).unwrap()["skNomor"], "PUSAT/1");
    }
}
