//! That there always is a second person, on both databases.

use satu_registry::four_eyes::close;
use satu_registry::review::ReviewError;

use crate::adding::empty;
use crate::four_eyes::asking;

#[tokio::test(flavor = "multi_thread")]
async fn two_closings_at_once_leave_two_persons() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "eyes_close").await {
        asking(&store).await;
        // satu and satu.lagi are one person: of three, one may go.
        let (one, two) = tokio::join!(close(&store, "dua"), close(&store, "tiga"));
        let gone = [&one, &two].map(Result::is_ok);
        let kept = [&one, &two].map(|done| matches!(done, Err(ReviewError::Alone)));
        assert!(gone[0] != gone[1] && kept[0] != kept[1], "{one:?} {two:?}");
        assert_eq!(store.accounts().centres("").await.unwrap(), 2);
    }
}
