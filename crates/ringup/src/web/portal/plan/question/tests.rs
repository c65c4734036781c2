use super::*;

fn form(fields: &[(&str, &str)]) -> Typed {
    Typed::of_form(&fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

#[test]
fn a_whole_number_is_read_as_people_type_it() {
    for (typed, number) in [("30", 30), (" 30 ", 30), ("１２０", 120), ("1,200", 1_200), ("1，200", 1_200), ("007", 7)]
    {
        assert_eq!(whole(typed), Some(number), "{typed:?}");
    }
    for typed in ["", " ", ",", "-1", "+1", "1.5", "ten", "99999999999"] {
        assert_eq!(whole(typed), None, "{typed:?}");
    }
}

#[test]
fn a_form_has_the_rows_that_were_sent_and_one_at_least() {
    assert_eq!(form(&[]).rows.len(), 1);
    let sent = form(&[("to-1", "a"), ("to-2", ""), ("minutes-2", ""), ("per-2", "week"), ("to-4", "not reached")]);
    assert_eq!(
        sent.rows.iter().map(|row| (row.to.as_str(), row.weekly)).collect::<Vec<_>>(),
        [("a", false), ("", true)]
    );
    let mut full = form(&[]);
    (0..20).for_each(|_| full.add_a_row());
    assert_eq!(full.rows.len(), limits::DESTINATIONS_MAX);
}

#[test]
fn a_problem_belongs_to_the_row_that_was_filled() {
    let sent = form(&[("to-1", ""), ("to-2", "a"), ("to-3", " "), ("to-4", "b")]);
    assert_eq!([sent.ids(0).to, sent.ids(1).to, sent.ids(7).to], ["to-2", "to-4", "to-1"]);
}
