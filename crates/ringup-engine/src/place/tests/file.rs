use super::super::file::read;
use super::*;

const HEAD: &str = "kind,code,name_en,name_zh_hans,city_en,city_zh_hans,district_en,district_zh_hans,address_en,address_zh_hans,\
                    latitude,longitude,time_zone,hours,takes,credited_at,licence,reach_cm,phone,state,out_of_order_since";

const FIELDS: [(&str, &str); 21] = [
    ("kind", "store"),
    ("code", "BJ-S001"),
    ("name_en", "East Gate Store"),
    ("name_zh_hans", "东门营业厅"),
    ("city_en", "Beijing"),
    ("city_zh_hans", "北京"),
    ("district_en", "Haidian"),
    ("district_zh_hans", "海淀区"),
    ("address_en", "1 Zhongguancun Street"),
    ("address_zh_hans", "中关村大街 1 号"),
    ("latitude", "39.904200"),
    ("longitude", "116.407400"),
    ("time_zone", "Asia/Shanghai"),
    ("hours", "\"Mo-Fr 09:00-12:00,13:30-21:00; Sa 10:00-02:00\""),
    ("takes", "cash codes"),
    ("credited_at", ""),
    ("licence", ""),
    ("reach_cm", ""),
    ("phone", ""),
    ("state", ""),
    ("out_of_order_since", ""),
];

/// A row with some fields changed.
fn row(changed: &[(&str, &str)]) -> String {
    let field = |(name, value): &(&str, &'static str)| {
        changed
            .iter()
            .find(|(other, _)| other == name)
            .map_or_else(|| (*value).to_owned(), |(_, value)| (*value).to_owned())
    };
    FIELDS.iter().map(field).collect::<Vec<_>>().join(",")
}

fn reads(list: &[u8]) -> Result<(Vec<Place>, Vec<RefusedRow>), FileError> {
    read(list, || PlaceId::from_u64(1))
}

fn list(rows: &[String]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

/// The codes of the rows that are refused, with their lines.
fn refused(rows: &[String]) -> Vec<(u64, &'static str)> {
    let (_, refused) = reads(list(rows).as_bytes()).unwrap();
    refused.iter().map(|row| (row.line, row.reason.code())).collect()
}

#[test]
fn a_list_is_read_with_and_without_a_byte_order_mark_and_in_any_order_of_columns() {
    let expected = Place {
        hours: "Mo-Fr 09:00-12:00,13:30-21:00; Sa 10:00-02:00".parse().unwrap(),
        ..place("BJ-S001", "39.9042,116.4074")
    };
    for before in ["", "\u{feff}"] {
        for end in ["\n", "\r\n"] {
            let text = format!("{before}{}", list(&[row(&[])])).replace('\n', end);
            assert_eq!(reads(text.as_bytes()).unwrap(), (vec![expected.clone()], vec![]));
        }
    }
    let turned = |line: &str| line.split(',').skip(15).chain(line.split(',').take(13)).collect::<Vec<_>>().join(",");
    let text = format!("{},hours,takes\n{},24/7,cash codes\n", turned(HEAD), {
        let plain = row(&[("hours", "24/7")]);
        turned(&plain)
    });
    let found = reads(text.as_bytes()).unwrap();
    assert_eq!(found, (vec![Place { hours: "24/7".parse().unwrap(), ..expected }], vec![]));
}

#[test]
fn every_field_of_a_place_is_read() {
    let (places, refused) = reads(
        list(&[row(&[
            ("kind", "kiosk"),
            ("takes", "cards  cash"),
            ("credited_at", "\"12:00,18:00\""),
            ("licence", "Licence 17"),
            ("reach_cm", "110"),
            ("phone", "+86 (10) 5555-0100"),
            ("state", "out_of_order"),
            ("out_of_order_since", "2026-11-26T09:30:00+08:00"),
        ])])
        .as_bytes(),
    )
    .unwrap();
    assert_eq!(refused, []);
    let place = &places[0];
    assert_eq!((place.kind, place.reach_cm), (PlaceKind::Kiosk, Some(110)));
    assert_eq!(place.takes, Takes { cash: true, codes: false, cards: true });
    assert_eq!(place.crediting.to_string(), "12:00,18:00");
    assert_eq!((place.licence.as_deref(), place.phone.as_deref()), (Some("Licence 17"), Some("+86 (10) 5555-0100")));
    assert_eq!(place.state, PlaceState::OutOfOrder { since: Timestamp::from_seconds(1_795_656_600) });
}

#[test]
fn every_wrong_row_is_named_with_its_line() {
    let long = "x".repeat(81);
    for (field, value, code) in [
        ("kind", "bank", "kind"),
        ("kind", "", "missing"),
        ("code", "", "missing"),
        ("code", "=1+1", "code"),
        ("name_en", "", "missing"),
        ("name_en", &long, "too_long"),
        ("name_zh_hans", "\"东\n门\"", "unprintable"),
        ("name_en", "a\u{1b}[31mb", "unprintable"),
        ("latitude", "90.000001", "position_out_of_range"),
        ("longitude", "-180.1", "position_out_of_range"),
        ("latitude", "N39", "position_malformed"),
        ("latitude", "\"39,9\"", "position_malformed"),
        ("time_zone", "Beijing", "time_zone"),
        ("hours", "always", "hours"),
        ("takes", "gold", "takes"),
        ("takes", "", "missing"),
        ("credited_at", "noon", "credited_at"),
        ("reach_cm", "1.10", "reach_cm"),
        ("reach_cm", "301", "reach_cm"),
        ("phone", "call me", "phone"),
        ("phone", "+", "phone"),
        ("state", "gone", "state"),
        ("state", "out_of_order", "state"),
        ("out_of_order_since", "2026-11-26T09:30:00+08:00", "state"),
    ] {
        let rows = [row(&[("code", "A")]), row(&[(field, value)]), row(&[("code", "B")])];
        assert_eq!(refused(&rows), [(3, code)], "{field} = {value:?}");
    }
    let rows =
        [row(&[]), row(&[("code", "bj-s001")]), "store,X".to_owned(), format!("{},one more", row(&[("code", "C")]))];
    assert_eq!(refused(&rows), [(3, "code_twice"), (4, "fields"), (5, "fields")]);
}

#[test]
fn what_a_spreadsheet_takes_for_a_formula_is_a_text() {
    let formula = r#""=HYPERLINK(""https://evil.example"",""Store"")""#;
    let (places, refused) = reads(
        list(&[row(&[("name_en", formula), ("licence", "@SUM(A1:A9)"), ("address_en", "-1 Street")])]).as_bytes(),
    )
    .unwrap();
    assert_eq!(refused, []);
    assert_eq!(places[0].name.en, r#"=HYPERLINK("https://evil.example","Store")"#);
    assert_eq!(places[0].licence.as_deref(), Some("@SUM(A1:A9)"));
    assert_eq!(places[0].address.en, "-1 Street");
}

#[test]
fn bytes_that_are_no_text_and_lines_of_a_megabyte_are_refused_alone() {
    let megabyte = "长".repeat(350_000);
    let mut text =
        list(&[row(&[("name_zh_hans", &megabyte)]), row(&[("code", &megabyte)]), row(&[("code", "A")])]).into_bytes();
    text.extend(row(&[("code", "B"), ("city_en", "#")]).bytes().map(|byte| if byte == b'#' { 0xff } else { byte }));
    let (places, refused) = reads(&text).unwrap();
    assert_eq!(places.len(), 1);
    let refused: Vec<String> = refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        refused,
        [
            "line 2: too_long: name_zh_hans has more than 80 characters",
            "line 3: too_long: code has more than 80 characters",
            "line 5: encoding: city_en is not UTF-8",
        ]
    );
}

#[test]
fn a_list_whose_columns_are_not_known_is_refused_whole() {
    let problem = |text: &str| match reads(text.as_bytes()) {
        Err(FileError::Columns(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(problem(""), "kind is missing");
    assert_eq!(problem(&HEAD.replace("latitude", "lat")), "\"lat\" is none of them");
    assert_eq!(problem(&HEAD.replace("licence", "code")), "code is named twice");
    assert_eq!(problem(&HEAD.replace(",hours", "")), "hours is missing");
    assert!(problem(&"x".repeat(1_000_000)).len() < 100);
}
