use super::*;

const FILE: &str = r#"
[[product]]
id = 1
code = "travel"
name = { en = "Travel card", zh_hans = "旅行卡" }
unit = "CNY"
prefix = "6225"
digits = 16
pin_digits = 6
validity_days = 365
added_days_per_top_up = 180
grace_days = 90
offered = ["20", "50", "100"]
other_amounts = ["10", "500"]
balance_min = "0"
balance_max = "1000"

[[promotion]]
id = 1
product = "travel"
name = { en = "5 off", zh_hans = "立减 5 元" }
starts_at = 2026-01-01T00:00:00+08:00
ends_at = 2027-01-01T00:00:00+08:00
spend_at_least = "100"
discount = "5"
"#;

#[test]
fn a_catalogue_is_read_with_its_units_and_moments() {
    let catalogue = Catalogue::parse(FILE).unwrap();
    assert_eq!(catalogue.products[0].balance_max.to_string(), "1000.00 CNY");
    assert_eq!(catalogue.promotions[0].gives, Gift::Discount(Amount::new(500, Unit::Cny).unwrap()));
    // 2025-12-31T16:00:00Z
    assert_eq!(catalogue.promotions[0].starts_at, Timestamp::from_seconds(1_767_196_800));
}

#[test]
fn what_cannot_be_is_refused_with_the_place_and_the_reason() {
    for (from, to, reason) in [
        ("unit = \"CNY\"", "unit = \"XYZ\"", "is no unit"),
        ("prefix = \"6225\"", "prefix = \"0225\"", "the first not 0"),
        ("digits = 16", "digits = 9", "10 to 18 digits"),
        ("pin_digits = 6", "pin_digits = 3", "4 to 12 digits"),
        ("\"20\", ", "\"0\", ", "none may be zero"),
        ("\"20\", ", "\"20.005\", ", "2 decimals at most"),
        ("discount = \"5\"", "discount = \"100\"", "less than what is spent"),
        ("discount = \"5\"", "", "either a discount or a bonus"),
        ("product = \"travel\"", "product = \"other\"", "no product \"other\""),
        ("2027-01-01T00:00:00+08:00", "2025-01-01T00:00:00+08:00", "ends before it begins"),
        ("2027-01-01T00:00:00+08:00", "2027-01-01T00:00:00", "no moment with a zone"),
        ("grace_days = 90", "grace_dayz = 90", "unknown field"),
        ("[\"10\", \"500\"]", "[\"500\", \"10\"]", "from the least to the most"),
        ("[\"10\", \"500\"]", "[\"0\", \"0\"]", "from the least to the most"),
    ] {
        let error = Catalogue::parse(&FILE.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(reason), "{to}: {error}");
    }
}

#[test]
fn an_id_or_a_code_that_comes_twice_is_refused() {
    let (product, promotion) = FILE.split_at(FILE.find("[[promotion]]").unwrap());
    let parse = |more: &str| Catalogue::parse(&format!("{FILE}\n{more}")).map_err(|error| error.to_string());
    let other = |id: &str, code: &str| product.replace("id = 1", id).replace("\"travel\"", code);
    assert!(parse(&other("id = 2", "\"call\"")).is_ok());
    for twice in [other("id = 1", "\"call\""), other("id = 2", "\"travel\"")] {
        assert!(parse(&twice).unwrap_err().contains("has its id or its code"));
    }
    assert!(parse(&promotion.replace("id = 1", "id = 2")).is_ok());
    assert!(parse(promotion).unwrap_err().contains("another promotion of this file has its id"));
}
