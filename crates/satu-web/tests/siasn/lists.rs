//! Code lists.

use axum::http::Method;

use super::Simpeg;
use crate::api::json;
use crate::browser::asked;

const LISTS: &str = "agama asn-jenis-jabatan jenis-anak jenis-jabatan alasan-hukuman-disiplin asn-jenjang-jabatan \
    eselon golongan instansi jabatan-fungsional jabatan-fungsional-umum jenis-hukuman kanreg kedudukan-hukum \
    kel-jabatan latihan-struktural lokasi pendidikan ref-dokumen ref-jenjang-jf satuan-kerja tingkat-pendidikan \
    jenis-diklat";

pub async fn walked(simpeg: &Simpeg) {
    let (one, two) = (
        format!("Bearer {}", simpeg.gateway),
        format!("bearer {}", simpeg.personal),
    );
    let headers = [("authorization", one.as_str()), ("auth", two.as_str())];
    let get = async |path: &str| {
        let path = format!("/referensi_siasn/1/{path}");
        asked(&simpeg.site, Method::GET, &path, &headers, "").await
    };
    for name in LISTS.split_whitespace() {
        for path in [format!("{name}/search?limit=3&offset=0"), name.to_owned()] {
            let told = json(&get(&path).await);
            assert!(told["results"].is_array(), "{path}");
            assert!(
                told["limit"].is_number() && told["offset"].is_number(),
                "{path}"
            );
            for row in told["results"].as_array().unwrap() {
                assert!(row["id"].is_string(), "{path}: {row}");
            }
        }
    }
    let part = json(&get("golongan/search?limit=2&offset=1").await);
    assert_eq!(part["results"].as_array().unwrap().len(), 2);
    assert_eq!(part["results"][0]["id"], "12");
    assert_eq!(part["results"][0]["namaPangkat"], "Juru Muda Tingkat I");
    assert_eq!(
        json(&get("agama/search?limit=0&offset=10000").await)["results"][0]["nama"],
        "Islam"
    );
    assert_eq!(
        json(&get("jenis-diklat").await)["results"][0]["jenis_diklat"],
        "Diklat Struktural"
    );
    assert_eq!(
        json(&get("tingkat-pendidikan").await)["results"][0]["id"],
        "05"
    );
    let answer = get("tiada").await;
    assert_eq!(answer.status, 404);
    assert_eq!(json(&answer)["code"], 0);
}
