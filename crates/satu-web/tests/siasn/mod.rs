//! The service of SIASN, held against the contract section by section, by a client that knows of the
//! server nothing but the contract.

mod again;
mod back;
mod documents;
mod failures;
mod lists;
mod meanwhile;
mod more;
mod reads;
mod saves;
mod shared;
mod slowly;
mod tokens;

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use satu_registry::link::link_all;
use serde_json::Value;

use crate::api::{json, program, token};
use crate::browser::{
    Answer, PASSWORD, Site, asked, asked_with, delivered, site, site_on_postgres,
};

/// Of the agency of the account `petugas`.
const ANI: &str = "198503172010012005";
/// Of another.
const BUDI: &str = "199001012015011001";
const AGENCY: &str = "Pemerintah Kota Contoh";
pub const SSO: &str = "/auth/realms/public-siasn/protocol/openid-connect/token";
pub const RIGHTS: &str = "people.read people.sensitive statements.write";

/// Schema by name: its fields, an exclamation mark after those that must be there.
const SCHEMAS: &str = include_str!("schemas.txt");

/// The fields of a schema, and those that a save must have.
fn schema(name: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let line = SCHEMAS
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")));
    let fields = line
        .unwrap_or_else(|| panic!("no schema {name}"))
        .split(' ');
    let all = fields.clone().map(|field| field.trim_end_matches('!'));
    let needed = fields.filter_map(|field| field.strip_suffix('!'));
    (all.collect(), needed.collect())
}

/// A program of an agency, with both tokens.
struct Simpeg {
    site: Arc<Site>,
    gateway: String,
    personal: String,
    base: &'static str,
}

/// What a SIMPEG meets after its host was changed: an agency's own people and another's.
async fn simpeg(site: Site) -> Simpeg {
    let head = "nip,nik,nama,tanggal_lahir,jenis_kelamin,email,nomor_hp,agama,golongan,tmt_golongan,jenis_jabatan,jabatan,tmt_jabatan,tingkat_pendidikan,pendidikan,tahun_lulus,instansi_induk,instansi_kerja,unor,tmt_cpns,masa_kerja_tahun,masa_kerja_bulan,nama_ibu_kandung,status_kawin,kedudukan_hukum,jenis_pegawai\n";
    let ani = format!(
        "{ANI},3273015703850004,ANI CONTOH,1985-03-17,P,ani@contoh.id,081234567890,Islam,III/c,2022-04-01,Fungsional,Analis Kebijakan Ahli Muda,2021-01-01,S-1,S-1 Ilmu Hukum,2008,{AGENCY},{AGENCY},Dinas Arsip,2010-01-01,12,3,SITI CONTOH,Menikah,Aktif,PNS\n"
    );
    let budi = format!(
        "{BUDI},3273010101900001,BUDI ASING,1990-01-01,L,budi@contoh.id,081234567891,Islam,III/a,2022-04-01,Pelaksana,Pengelola Surat,2021-01-01,S-1,S-1 Ilmu Hukum,2012,Pemerintah Kota Lain,Pemerintah Kota Lain,Dinas Lain,2015-01-01,7,3,,Menikah,Aktif,PNS\n"
    );
    delivered(&site, "sendiri", AGENCY, &[head, &ani].concat()).await;
    delivered(
        &site,
        "lain",
        "Pemerintah Kota Lain",
        &[head, &budi].concat(),
    )
    .await;
    let ranks = "nip,golongan,tmt_golongan,sk_nomor,sk_tanggal,jenis_kp\n";
    let rank = format!("{ANI},III/b,2018-04-01,823/1/SK,2018-03-15,101\n");
    delivered(&site, "sendiri", AGENCY, &[ranks, &rank].concat()).await;
    let jobs = "nip,jenis_jabatan,jabatan,unor,instansi_kerja,tmt_jabatan,sk_nomor,sk_tanggal\n";
    let job = format!(
        "{ANI},Fungsional,Analis Kebijakan Ahli Pertama,Dinas Arsip,{AGENCY},2015-01-01,821/1/SK,2014-12-15\n"
    );
    delivered(&site, "sendiri", AGENCY, &[jobs, &job].concat()).await;
    let schools = "nip,tingkat_pendidikan,pendidikan,tahun_lulus,nomor_ijazah\n";
    let school = format!("{ANI},S-1,S-1 Ilmu Hukum,2008,77/UN/2008\n");
    delivered(&site, "sendiri", AGENCY, &[schools, &school].concat()).await;
    let awards = "nip,jenis_penghargaan,sk_nomor,sk_tanggal,tahun\n";
    let award = format!("{ANI},202,PUSAT/1,2015-08-17,2015\n");
    delivered(&site, "pusat", "", &[awards, &award].concat()).await;
    let family = "nip,hubungan,nama,jenis_kelamin,tanggal_lahir,nik\n";
    let father = format!("{ANI},Ayah,AYAH CONTOH,L,1958-02-03,\n");
    delivered(&site, "sendiri", AGENCY, &[family, &father].concat()).await;
    link_all(&site.store).await.unwrap();
    program(&site, "kunci", true, RIGHTS).await;
    let gateway = token(&site, "kunci").await;
    let personal = personal(&site, "petugas").await;
    Simpeg {
        site: Arc::new(site),
        gateway,
        personal,
        base: "/apisiasn/1.0",
    }
}

/// A token by login and password, as programs ask for it.
pub async fn personal(site: &Site, login: &str) -> String {
    let password = PASSWORD.replace(' ', "+");
    let body = format!("client_id=simpeg&grant_type=password&username={login}&password={password}");
    let answer = asked(site, Method::POST, SSO, &[FORM], &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    json(&answer)["access_token"].as_str().unwrap().to_owned()
}

pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

impl Simpeg {
    async fn send(&self, method: Method, path: &str, kind: Option<&str>, body: Vec<u8>) -> Answer {
        let (one, two) = (
            format!("Bearer {}", self.gateway),
            format!("bearer {}", self.personal),
        );
        let mut headers = vec![("authorization", one.as_str()), ("auth", two.as_str())];
        headers.extend(kind.map(|kind| ("content-type", kind)));
        let path = format!("{}{path}", self.base);
        asked_with(&self.site, method, &path, &headers, body).await
    }

    /// As programs do, with a content type and no content.
    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Some("application/json"), Vec::new())
            .await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Some("application/json"), Vec::new())
            .await
    }

    async fn save(&self, path: &str, body: &Value) -> Answer {
        let kind = Some("application/json");
        self.send(Method::POST, path, kind, body.to_string().into_bytes())
            .await
    }

    /// The data of a read that must be found.
    async fn data(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        let told = json(&answer);
        assert_eq!(told["code"], 1, "{path}");
        assert!(
            told["message"].is_string() && told["count"].is_number(),
            "{path}"
        );
        told["data"].clone()
    }

    /// The id of the row that a save must have made.
    async fn saved(&self, path: &str, key: &str, body: &Value) -> String {
        let answer = self.save(path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        id_of(&answer, key)
    }

    async fn pns_id(&self, nip: &str) -> String {
        let data = self.data(&format!("/pns/data-utama/{nip}")).await;
        data["id"].as_str().unwrap().to_owned()
    }

    /// A multipart body; a part with a file's name is a file.
    async fn upload(&self, path: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
        let kind = Some("multipart/form-data; boundary=batas7");
        self.send(Method::POST, path, kind, multipart(parts)).await
    }
}

fn multipart(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        body.extend(format!("--batas7\r\nContent-Disposition: form-data; name=\"{name}\"").bytes());
        if let Some(file) = file {
            body.extend(
                format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream").bytes(),
            );
        }
        body.extend(format!("\r\nContent-Length: {}\r\n\r\n", content.len()).bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--batas7--\r\n");
    body
}

fn id_of(answer: &Answer, key: &str) -> String {
    let told = json(answer);
    assert_eq!(told["success"], true, "{}", answer.body);
    assert!(told["message"].is_string());
    let id = told["mapData"][key].as_str();
    id.unwrap_or_else(|| panic!("{key}: {}", answer.body))
        .to_owned()
}

fn has_all(what: &str, row: &Value, fields: &[&str]) {
    for field in fields {
        assert!(row.get(field).is_some(), "{what} lacks {field}: {row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_on_sqlite() {
    walked(simpeg(site(false).await).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_on_postgresql() {
    walked(simpeg(site_on_postgres(satu_web::Settings::default()).await).await).await;
}

async fn walked(mut simpeg: Simpeg) {
    tokens::walked(&simpeg).await;
    reads::walked(&simpeg).await;
    saves::walked(&simpeg).await;
    simpeg.base = "/api/1.0";
    documents::walked(&simpeg).await;
    lists::walked(&simpeg).await;
    failures::walked(&simpeg).await;
    meanwhile::walked(&simpeg).await;
    saves::the_ledger_gives_all_of_it_again(&simpeg).await;
}
