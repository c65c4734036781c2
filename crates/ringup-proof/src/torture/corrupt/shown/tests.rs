use super::*;

fn shown(things: &[(&str, Sight)]) -> Shown {
    Shown { all: things.iter().map(|(what, sight)| ((*what).to_owned(), sight.clone())).collect() }
}

fn said(text: &str) -> Sight {
    Sight::Said(text.to_owned())
}

#[test]
fn what_is_shown_as_before_is_no_difference() {
    let before = shown(&[("card 1", said("5.00")), ("card 2", said("6.00"))]);
    assert!(before.compare(&before.clone()).is_none());
}

#[test]
fn what_is_shown_otherwise_counts_before_what_is_refused() {
    let before = shown(&[("card 1", said("5.00")), ("card 2", said("6.00"))]);
    let refused = ("card 1", Sight::Refused("503".to_owned()));
    let only_refused = before.compare(&shown(&[refused.clone(), ("card 2", said("6.00"))])).unwrap();
    assert!(only_refused.is_refusal);
    for wrong in [shown(&[refused.clone(), ("card 2", said("6.01"))]), shown(&[refused])] {
        assert!(!before.compare(&wrong).unwrap().is_refusal);
    }
}
