use super::*;

#[test]
fn what_becomes_of_jobs_is_counted_under_names_that_stay() {
    let (at, why) = (Timestamp::from_seconds(1_800_000_000), "why".to_owned());
    let all = [Next::Done, Next::Again { at, why: why.clone() }, Next::GiveUp { why }];
    assert_eq!(all.map(|next| next.name()), ["done", "again", "given_up"]);
}
