use crate::rig::strace::Reading;

use super::*;

const REQUEST: &str =
    "1  recvfrom(16<TCP:[a->b]>, \"POST /notifications/alipay HTTP/1.1\\r\\n\\r\\nout_trade_no=pay07&x=1\", 99) = 60";
const WRITE: &str = "2  pwrite64(9</d/ringup.db-wal>, \"\\0\\120261126220014pay07\\2\", 4096, 0) = 4096";
const OTHER_WRITE: &str = "2  pwrite64(9</d/ringup.db-wal>, \"\\0\\1\\2\", 4096, 0) = 4096";
const SYNC: &str = "2  fdatasync(9</d/ringup.db-wal>) = 0";
const ANSWER: &str =
    "1  writev(16<TCP:[a->b]>, [{iov_base=\"HTTP/1.1 200 OK\\r\\n\\r\\nsuccess\", iov_len=99}], 1) = 99";

fn found(lines: &[&str]) -> Found {
    let (mut reading, mut order) = (Reading::default(), Order::default());
    for line in lines {
        if let Some(call) = reading.read(line) {
            order.look(&call);
        }
    }
    order.found()
}

#[test]
fn an_answer_after_its_sync_is_in_order() {
    let found = found(&[REQUEST, WRITE, SYNC, ANSWER]);
    assert_eq!((found.payments, found.recognised, found.early.len()), (1, 1, 0));
}

#[test]
fn an_answer_before_its_sync_is_early() {
    assert_eq!(found(&[REQUEST, WRITE, ANSWER, SYNC]).early.len(), 1);
    assert_eq!(found(&[REQUEST, ANSWER, WRITE, SYNC]).early.len(), 1);
    assert_eq!(found(&[WRITE, SYNC, REQUEST, ANSWER]).early.len(), 1);
}

#[test]
fn what_is_shown_as_credited_must_be_synced_whoever_asks() {
    let look = "3  recvfrom(17<TCP:[c->b]>, \"GET /api/v1/top-ups/CODE HTTP/1.1\\r\\n\", 99) = 40";
    let show = |state: &str| {
        let body = format!(
            "{{\\\"id\\\":\\\"top1\\\",\\\"state\\\":\\\"{state}\\\",\\\"payments\\\":[{{\\\"reference\\\":\\\"pay07\\\"}}]}}"
        );
        format!("3  writev(17<TCP:[c->b]>, [{{iov_base=\"HTTP/1.1 200 OK\\r\\n\\r\\n{body}\", iov_len=99}}], 1) = 99")
    };
    let (credited, placed) = (show("credited"), show("placed"));
    let early = found(&[REQUEST, WRITE, look, &credited, SYNC, ANSWER]);
    assert_eq!((early.shown, early.early.len()), (1, 1));
    let in_order = found(&[REQUEST, look, WRITE, SYNC, &credited, ANSWER]);
    assert_eq!((in_order.shown, in_order.early.len()), (1, 0));
    let not_yet = found(&[REQUEST, WRITE, look, &placed, SYNC, ANSWER]);
    assert_eq!((not_yet.shown, not_yet.early.len()), (0, 0));
}

#[test]
fn a_sync_of_another_batch_is_not_its_own() {
    // Another batch was synced while this one waited; by the order alone it would seem to be in time.
    assert_eq!(found(&[REQUEST, OTHER_WRITE, SYNC, WRITE, ANSWER]).early.len(), 1);
    // A sync that began before the write covers it only by luck.
    let begun = "2  fdatasync(9</d/ringup.db-wal> <unfinished ...>";
    let other = WRITE.replace("2  ", "3  ");
    assert_eq!(found(&[REQUEST, begun, &other, "2  <... fdatasync resumed>) = 0", ANSWER]).early.len(), 1);
}

#[test]
fn a_sync_that_failed_or_never_reached_the_kernel_is_none() {
    let failed = "2  fdatasync(9</d/ringup.db-wal>) = -1 EIO (Input/output error)";
    let injected = "2  fdatasync(9</d/ringup.db-wal>) = 0 (INJECTED)";
    assert_eq!(found(&[REQUEST, WRITE, failed, ANSWER]).early.len(), 1);
    assert_eq!(found(&[REQUEST, WRITE, injected, ANSWER]).early.len(), 1);
}

#[test]
fn a_request_that_comes_in_two_parts_is_one() {
    let (first, second) = (
        "1  recvfrom(16<TCP:[a->b]>, \"POST /notifications/alip\", 24) = 24",
        "1  recvfrom(16<TCP:[a->b]>, \"ay HTTP/1.1\\r\\nout_trade_no=pay07&\", 999) = 40",
    );
    let found = found(&[first, second, WRITE, SYNC, ANSWER]);
    assert_eq!((found.payments, found.recognised, found.early.len()), (1, 1, 0));
}

#[test]
fn a_placing_is_an_acknowledgement_and_its_replay_is_not() {
    let placing = "1  recvfrom(16<TCP:[a->b]>, \"POST /api/v1/top-ups HTTP/1.1\", 999) = 40";
    let created = "1  writev(16<TCP:[a->b]>, [{iov_base=\"HTTP/1.1 201 Created\\r\\n\", iov_len=9}], 1) = 9";
    let replayed = "1  writev(16<TCP:[a->b]>, [{iov_base=\"HTTP/1.1 201 Created\\r\\nidempotent-replayed: true\\r\\n\", iov_len=9}], 1) = 9";
    assert_eq!(found(&[placing, created]).early.len(), 1);
    assert_eq!(found(&[placing, OTHER_WRITE, SYNC, created]).early.len(), 0);
    assert_eq!(found(&[placing, replayed]), Found::default());
}
