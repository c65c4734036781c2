use crate::rig::strace::Reading;

use super::*;

#[test]
fn turns_are_those_of_the_thread_that_has_most() {
    let mut turns = Turns::default();
    let mut reading = Reading::default();
    for (thread, name) in [("1", "pwrite64"), ("1", "pwrite64"), ("2", "pwrite64"), ("2", "fdatasync"), ("2", "read")] {
        let call = reading.read(&format!("{thread}  {name}(3</x>) = 0")).unwrap();
        turns.count(thread, &call);
    }
    assert_eq!((turns.of("pwrite64"), turns.of("fdatasync"), turns.of("read")), (2, 1, 0));
    let points = turns.points();
    assert_eq!(points.len(), 3 * Fault::ALL.len());
    let point = Point { call: "pwrite64", turn: 2, fault: Fault::EnospcFromThenOn };
    assert!(points.contains(&point));
    assert_eq!(point.injection(), "inject=pwrite64:error=ENOSPC:when=2+");
    assert_eq!(point.to_string(), "pwrite64 2, ENOSPC from then on");
}
