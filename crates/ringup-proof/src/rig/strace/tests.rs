use super::*;

fn read(text: &str) -> Vec<Call> {
    let mut reading = Reading::default();
    text.lines().filter_map(|line| reading.read(line)).collect()
}

#[test]
fn a_call_that_was_interrupted_is_one_call_from_its_beginning_to_its_end() {
    let calls = read(
        "101  fdatasync(9</data/ringup.db-wal> <unfinished ...>\n\
         102  write(4<anon_inode:[eventfd]>, \"\\1\", 8) = 8\n\
         101  <... fdatasync resumed>) = 0\n",
    );
    assert_eq!(calls.len(), 2);
    assert_eq!((calls[1].begun, calls[1].ended, calls[1].returned), (1, 3, Some(0)));
    assert_eq!(calls[1].target(), Some("/data/ringup.db-wal"));
    assert_eq!((calls[0].begun, calls[0].ended), (2, 2));
}

#[test]
fn a_connection_is_named_by_both_its_ends() {
    let calls = read("7  recvfrom(16<TCP:[127.0.0.1:80->127.0.0.1:99]>, \"POST / (x) = 1\", 24, 0, NULL, NULL) = 14\n");
    assert_eq!(calls[0].target(), Some("TCP:[127.0.0.1:80->127.0.0.1:99]"));
    assert_eq!(calls[0].returned, Some(14));
}

#[test]
fn a_call_that_the_kernel_never_saw_is_marked() {
    let calls =
        read("7  fdatasync(9</wal>) = 0 (INJECTED)\n7  fdatasync(9</wal>) = -1 EIO (Input/output error) (INJECTED)\n");
    assert!(calls[0].is_injected && calls[1].is_injected);
    assert_eq!((calls[0].returned, calls[1].returned), (Some(0), Some(-1)));
}

#[test]
fn what_is_no_call_is_passed_over() {
    assert_eq!(read("7  +++ exited with 0 +++\n7  --- SIGTERM {si_signo=SIGTERM} ---\n\nstrace: what\n"), []);
}

#[test]
fn what_became_of_a_call_is_unknown_when_its_process_ended_in_it() {
    assert_eq!(read("7  fdatasync(9</wal>) = ?\n")[0].returned, None);
}
