use super::*;

#[test]
fn the_hash_is_that_of_the_lines_whether_they_are_kept_or_not_and_the_same_for_ever() {
    let mut traces = [Keep::Hash, Keep::Lines].map(Trace::new);
    for trace in &mut traces {
        trace.line(Timestamp::from_seconds(3_661), format_args!("a {} happened", "thing"));
    }
    let [hashed, kept] = traces;
    assert_eq!(hashed.hash(), kept.hash());
    assert_eq!(hashed.hash(), 0x9BDE_8C34_3039_48AB);
    assert_eq!(kept.into_text().unwrap(), "day 0 01:01:01.000  a thing happened\n");
    assert_eq!(hashed.into_text(), None);
}
