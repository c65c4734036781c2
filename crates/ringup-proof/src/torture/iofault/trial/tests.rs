use super::*;

const REQUEST: &str = "7  recvfrom(16<TCP:[a->b]>, \"POST /api/v1/top-ups HTTP/1.1\", 999) = 40\n";
const ANSWER: &str = "7  writev(16<TCP:[a->b]>, [{iov_base=\"HTTP/1.1 201 Created\\r\\n\", iov_len=9}], 1) = 9\n";
const BACKEND: u32 = 42;

fn early(lines: &[&str]) -> usize {
    read(lines.concat().as_bytes(), &[BACKEND]).unwrap().found.early.len()
}

#[test]
fn an_answer_without_a_sync_is_early_while_the_backends_are_in_sight() {
    assert_eq!(early(&[REQUEST, ANSWER]), 1);
    assert_eq!(early(&["7  +++ exited with 0 +++\n", REQUEST, ANSWER]), 1);
}

#[test]
fn when_a_backend_has_ended_nobody_sees_the_syncs_of_the_next() {
    assert_eq!(early(&["42  +++ killed by SIGABRT +++\n", REQUEST, ANSWER]), 0);
    // What left before it ended is early all the same.
    assert_eq!(early(&[REQUEST, ANSWER, "42  +++ exited with 2 +++\n"]), 1);
}
