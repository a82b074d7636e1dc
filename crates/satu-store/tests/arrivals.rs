//! Files that arrive in parts, on both databases.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use satu_store::Store;
use satu_store::accounts::Role;
use satu_store::arrivals::{About, Arrival, MOST, MOST_EACH, Outcome, Room};
use satu_store::clients::{Client, Clients, Rights};
use sqlx::Executor;

use crate::{databases, key_file, pool};

fn about() -> About {
    About {
        source: "contoh".into(),
        file: "pegawai-3273015703850004.csv".into(),
        stated_on: Some(date(2026, 11, 1)),
        begun_on: Some(date(2026, 11, 2)),
        kind: None,
        sha256: "ab".repeat(32),
        metadata: "source cHVzYXQ=".to_owned(),
    }
}

async fn clients(address: &str) -> Clients {
    Store::open(address, &key_file()).await.unwrap().clients()
}

async fn begun(clients: &Clients, client: i64, token: &str, length: u64) -> bool {
    let (about, now) = (about(), Timestamp::now());
    let begun = clients.arrival_begun(client, token, &about, length, now);
    begun.await.unwrap() == Room::Free
}

async fn one(clients: &Clients, client: i64, token: &str) -> Option<Arrival> {
    let found = clients.arrival(client, token, Timestamp::now());
    found.await.unwrap()
}

/// Adds bytes as far as there is room, again and again.
async fn add(clients: &Clients, arrival: &mut Arrival, bytes: &[u8]) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.len().min(arrival.room()));
        let kept = clients.arrived(arrival, piece, Timestamp::now());
        assert!(kept.await.unwrap());
        rest = after;
    }
}

async fn read(clients: &Clients, arrival: &Arrival) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = clients.read_arrival(arrival, &mut bytes);
    assert!(read.await.unwrap());
    bytes
}

#[tokio::test]
async fn what_came_in_parts_is_there_after_a_restart_sealed_and_whole() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let secret = b"3273015703850004,ANI CONTOH\n";
        let plain: Vec<u8> = secret.iter().copied().cycle().take(2_500_000).collect();
        let before = clients(&address).await;
        assert!(begun(&before, 1, "satu", plain.len() as u64).await);
        let mut arrival = one(&before, 1, "satu").await.unwrap();
        assert_eq!((arrival.came, &arrival.about), (0, &about()));
        for end in [1, 1 << 20, 1_100_000, 1_100_001] {
            let came = usize::try_from(arrival.came).unwrap();
            add(&before, &mut arrival, &plain[came..end]).await;
        }
        let mut late = arrival.clone();
        let after = clients(&address).await;
        let mut again = one(&after, 1, "satu").await.unwrap();
        assert_eq!(again, arrival);
        assert!(one(&after, 2, "satu").await.is_none());
        assert_eq!(read(&after, &again).await, plain[..1_100_001]);

        // Who comes second with the same part adds nothing, and neither does what is too much.
        let now = Timestamp::now();
        add(&after, &mut again, &plain[1_100_001..1_200_000]).await;
        let twice = before.arrived(&mut late, &plain[1_100_001..1_100_009], now);
        assert!(!twice.await.unwrap());
        let much = vec![0; again.room() + 1];
        assert!(!after.arrived(&mut again, &much, now).await.unwrap());
        assert!(after.arrivals_due(now).await.unwrap().is_empty());
        add(&after, &mut again, &plain[1_200_000..]).await;
        assert!(!after.arrived(&mut again, b"x", now).await.unwrap());
        assert_eq!(after.arrivals_due(now).await.unwrap(), [again.clone()]);
        assert_eq!(read(&before, &again).await, plain);

        // A thief of the database reads nothing of it.
        let pool = pool(&address).await;
        let sql = "SELECT about, sealed FROM arrival a JOIN arrival_part p ON a.token = p.token";
        let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
        assert_eq!(rows.len(), 3);
        for bytes in rows.iter().flat_map(|(about, part)| [about, part]) {
            assert!(!bytes.windows(16).any(|some| some == &secret[..16]));
        }
        // A part in the place of another does not open, and one that is gone is missed.
        let mut bytes = Vec::new();
        let moved = "UPDATE arrival_part SET part = part + 7 WHERE part <> 1";
        pool.execute(moved).await.unwrap();
        assert!(!after.read_arrival(&again, &mut bytes).await.unwrap());
        let crossed = "UPDATE arrival_part SET part = 9 - part WHERE part <> 1";
        pool.execute(crossed).await.unwrap();
        assert!(after.read_arrival(&again, &mut bytes).await.is_err());

        let taken = Outcome::Taken {
            submission: 7,
            already: false,
        };
        after.arrival_settled("satu", &taken, now).await.unwrap();
        let refused = Outcome::Refused {
            field: None,
            reason: ["rusak".into(), "fault".into()],
        };
        after.arrival_settled("satu", &refused, now).await.unwrap();
        let told = one(&before, 1, "satu").await.unwrap();
        assert_eq!(told.outcome, Some(taken), "the first word stands");
        assert!(after.arrivals_due(now).await.unwrap().is_empty());
        let left = "SELECT COUNT(*) FROM arrival_part";
        let (left,): (i64,) = sqlx::query_as(left).fetch_one(&pool).await.unwrap();
        assert_eq!(left, 0);
    }
}

#[tokio::test]
async fn a_program_has_so_much_room_and_a_file_so_much_time() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let all = clients(&address).await;
        let now = Timestamp::now();
        for number in 0..2 {
            let client = Client {
                id: 0,
                key: format!("kunci {number}"),
                name: "Simpeg".into(),
                role: Role::Walidata,
                rights: Rights::parse("statements.write").unwrap(),
                purpose: "pertukaran".into(),
            };
            all.add(client, "", &number.to_string(), "satu", now)
                .await
                .unwrap();
        }
        // Two at a time do not both find the last room.
        let many = (0..MOST_EACH + 3).map(|number| {
            let all = all.clone();
            tokio::spawn(async move { begun(&all, 1, &format!("a{number}"), 9).await })
        });
        let mut count = 0;
        for one in many.collect::<Vec<_>>() {
            count += i64::from(one.await.unwrap());
        }
        assert_eq!(count, MOST_EACH);
        let mine = all.arrivals(1, now).await.unwrap();
        let done = &mine[2].token;
        let refused = Outcome::Refused {
            field: Some("body".into()),
            reason: ["tidak terbaca".into(), "unread".into()],
        };
        all.arrival_settled(done, &refused, now).await.unwrap();
        assert!(begun(&all, 1, "b", 9).await, "what is done gives way");
        assert!(one(&all, 1, done).await.is_none());
        assert!(!begun(&all, 1, "c", 9).await);

        all.arrival_forgotten(2, "b").await.unwrap();
        assert!(one(&all, 1, "b").await.is_some(), "another gave it up");
        let mut kept = one(&all, 1, "b").await.unwrap();
        add(&all, &mut kept, b"12345").await;
        all.arrival_forgotten(1, "b").await.unwrap();
        assert!(one(&all, 1, "b").await.is_none());
        assert!(!all.arrived(&mut kept, b"6", now).await.unwrap());

        // Nor do two programs find the last room of all.
        let many = (0..MOST + 8).map(|number| {
            let all = all.clone();
            tokio::spawn(async move { begun(&all, 100 + number, &format!("d{number}"), 9).await })
        });
        let mut have = Vec::new();
        for (number, one) in (100..).zip(many.collect::<Vec<_>>()) {
            if one.await.unwrap() {
                have.push(number);
            }
        }
        assert_eq!(have.len() as i64, MOST - MOST_EACH + 1);
        assert!(!begun(&all, 2, "e", 9).await, "all room is taken");

        // A part gives it another day; nothing more than a day is kept, or seen.
        let token = format!("d{}", have[0] - 100);
        let mut lively = one(&all, have[0], &token).await.unwrap();
        let later = now + SignedDuration::from_hours(23);
        assert!(all.arrived(&mut lively, b"1", later).await.unwrap());
        let later = now + SignedDuration::from_hours(25);
        assert!(all.arrivals(1, later).await.unwrap().is_empty());
        all.arrivals_expired(later).await.unwrap();
        let sql = "SELECT (SELECT COUNT(*) FROM arrival), (SELECT COUNT(*) FROM arrival_part)";
        let pool = pool(&address).await;
        let left: (i64, i64) = sqlx::query_as(sql).fetch_one(&pool).await.unwrap();
        assert_eq!(left, (1, 1));
        assert_eq!(read(&all, &lively).await, b"1");
    }
}

#[tokio::test]
async fn what_came_to_a_stop_gives_way_to_another_of_its_program() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let (all, about) = (clients(&address).await, about());
        let now = Timestamp::now();
        let minutes = |count| now + SignedDuration::from_mins(count);
        for number in 0..MOST_EACH {
            let (token, begun) = (format!("a{number}"), minutes(number));
            let room = all.arrival_begun(1, &token, &about, 3, begun).await;
            assert_eq!(room.unwrap(), Room::Free);
        }
        assert!(begun(&all, 2, "lain", 3).await);
        // The first goes on, the second has come whole, the third stands still.
        let mut first = one(&all, 1, "a0").await.unwrap();
        assert!(all.arrived(&mut first, b"a", minutes(30)).await.unwrap());
        let mut second = one(&all, 1, "a1").await.unwrap();
        assert!(all.arrived(&mut second, b"abc", minutes(1)).await.unwrap());
        let another = async |token: &str, at| {
            let room = all.arrival_begun(1, token, &about, 3, at);
            room.await.unwrap()
        };
        assert_eq!(another("b", minutes(61)).await, Room::Own);
        assert_eq!(another("b", minutes(62)).await, Room::Free);
        assert_eq!(another("c", minutes(62)).await, Room::Own);
        let left = all.arrivals(1, minutes(62)).await.unwrap();
        let left: Vec<&str> = left.iter().map(|one| one.token.as_str()).collect();
        assert_eq!(left, ["a0", "a1", "a3", "a4", "b"], "{address}");
        assert!(one(&all, 2, "lain").await.is_some());
    }
}

#[tokio::test]
async fn what_is_whole_does_not_grow_old_and_what_is_done_takes_no_room_of_others() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let all = clients(&address).await;
        let now = Timestamp::now();
        let refused = Outcome::Refused {
            field: None,
            reason: ["tidak terbaca".into(), "unread".into()],
        };
        for number in 0..MOST {
            let token = format!("selesai{number:02}");
            assert!(begun(&all, number, &token, 1).await);
            all.arrival_settled(&token, &refused, now).await.unwrap();
        }
        assert!(begun(&all, 100, "utuh", 3).await);
        let mut whole = one(&all, 100, "utuh").await.unwrap();
        add(&all, &mut whole, b"abc").await;
        assert!(begun(&all, 100, "separuh", 3).await);
        let mut half = one(&all, 100, "separuh").await.unwrap();
        add(&all, &mut half, b"ab").await;
        let day = SignedDuration::from_hours(24);
        assert_eq!(
            (whole.until(), half.until()),
            (None, Some(half.touched + day))
        );
        assert!((now..=Timestamp::now()).contains(&half.touched));

        // Days go by in which it cannot be taken in; neither the hour nor another file takes it away.
        let later = now + SignedDuration::from_hours(50);
        all.arrivals_expired(later).await.unwrap();
        let about = about();
        let begun = all.arrival_begun(101, "baru", &about, 3, later);
        assert_eq!(begun.await.unwrap(), Room::Free);
        let mine = all.arrivals(100, later).await.unwrap();
        assert_eq!(mine, std::slice::from_ref(&whole));
        let waiting = all.arrivals_due(later).await.unwrap();
        assert_eq!(waiting, std::slice::from_ref(&whole));
        assert_eq!(read(&all, &whole).await, b"abc");

        // What became of it is told for a day from then on.
        all.arrival_settled("utuh", &refused, later).await.unwrap();
        let done = one(&all, 100, "utuh").await.unwrap();
        assert_eq!(done.until(), Some(done.touched + day));
        assert!(done.touched > half.touched + day && !done.is_known());
        for (hours, count) in [(23, 1), (25, 0)] {
            let then = later + SignedDuration::from_hours(hours);
            all.arrivals_expired(then).await.unwrap();
            assert_eq!(all.arrivals(100, then).await.unwrap().len(), count);
        }
    }
}

#[tokio::test]
async fn what_no_longer_opens_is_refused_and_hides_no_other() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let all = clients(&address).await;
        let now = Timestamp::now();
        for (token, whole) in [("baik", true), ("rusak", true), ("separuh", false)] {
            assert!(begun(&all, 1, token, 3).await);
            let mut arrival = one(&all, 1, token).await.unwrap();
            add(&all, &mut arrival, if whole { b"abc" } else { b"ab" }).await;
        }
        let pool = pool(&address).await;
        let damaged = "UPDATE arrival SET about = outcome WHERE token <> 'baik'";
        pool.execute(damaged).await.unwrap();
        let due = all.arrivals_due(now).await.unwrap();
        let told: Vec<_> = due
            .iter()
            .map(|one| (one.token.as_str(), one.outcome.clone()))
            .collect();
        let lost = Some(Outcome::Unreadable);
        let wanted = [
            ("baik", None),
            ("rusak", lost.clone()),
            ("separuh", lost.clone()),
        ];
        assert_eq!(told, wanted);
        let taken = Outcome::Taken {
            submission: 7,
            already: false,
        };
        for (token, outcome) in [("rusak", &taken), ("baik", &taken)] {
            all.arrival_settled(token, outcome, now).await.unwrap();
            let told = one(&all, 1, token).await.unwrap().outcome;
            assert_eq!(told.as_ref(), Some(outcome));
        }
        pool.execute("UPDATE arrival SET outcome = about WHERE token = 'baik'")
            .await
            .unwrap();
        assert_eq!(one(&all, 1, "baik").await.unwrap().outcome, lost);
    }
}
