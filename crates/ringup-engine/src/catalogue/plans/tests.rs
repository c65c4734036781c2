use ringup_core::plan::{BundleId, DestinationId};

use crate::catalogue::Catalogue;

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
offered = ["20"]
balance_min = "0"
balance_max = "1000"

[[destination]]
id = 2
code = "us"
name = { en = "United States", zh_hans = "美国" }
also = ["USA"]
prefixes = ["1"]

[[destination]]
id = 1
code = "gb"
name = { en = "United Kingdom", zh_hans = "英国" }
prefixes = ["44", "4420"]

[[rate]]
product = "travel"
destination = "gb"
per_minute = "0.0085"
connection_fee = "0.10"
first_seconds = 60
next_seconds = 6

[[rate]]
product = "travel"
destination = "us"
per_minute = "0.3"
first_seconds = 1
next_seconds = 1

[[bundle]]
id = 7
product = "travel"
name = { en = "Britain 100", zh_hans = "英国 100 分钟" }
price = "20"
minutes = 100
destinations = ["gb"]
validity_days = 30
"#;

#[test]
fn plans_are_read_in_the_unit_of_their_product_and_in_order() {
    let catalogue = Catalogue::parse(FILE).unwrap();
    let plans = catalogue.plans.unwrap();
    assert_eq!(plans.destinations.iter().map(|to| to.id).collect::<Vec<_>>(), [DestinationId(1), DestinationId(2)]);
    let rate = plans.rate(catalogue.products[0].id, DestinationId(1)).unwrap();
    assert_eq!(
        (rate.per_minute.to_string(), rate.connection_fee.to_string()),
        ("0.0085 CNY".into(), "0.10 CNY".into())
    );
    let bundle = plans.bundle(BundleId(7)).unwrap();
    assert_eq!(
        (bundle.price.to_string(), bundle.destinations.as_slice()),
        ("20.00 CNY".into(), [DestinationId(1)].as_slice())
    );
    let (products, _) = FILE.split_once("[[destination]]").unwrap();
    assert_eq!(
        Catalogue::parse(products).unwrap().plans,
        None,
        "a file that does not speak of plans leaves them alone"
    );
}

#[test]
fn what_cannot_be_is_refused_with_the_place_and_the_reason() {
    for (from, to, reason) in [
        ("code = \"us\"", "code = \"US\"", "destination \"US\": its code has 1 to 32 small letters"),
        ("code = \"us\"", "code = \"gb\"", "another destination of this file has its id or its code"),
        ("id = 2", "id = 1", "another destination of this file has its id or its code"),
        ("prefixes = [\"1\"]", "prefixes = []", "it has no prefix"),
        ("prefixes = [\"1\"]", "prefixes = [\"+1\"]", "\"+1\": a prefix has 1 to 15 digits"),
        ("prefixes = [\"1\"]", "prefixes = [\"44\"]", "the prefix 44 is there already, in \"us\""),
        ("\"44\", \"4420\"", "\"44\", \"44\"", "the prefix 44 is there already, in \"gb\""),
        ("destination = \"us\"", "destination = \"fr\"", "there is no destination \"fr\" in this file"),
        ("destination = \"us\"", "destination = \"gb\"", "this product has another rate to it"),
        ("per_minute = \"0.3\"", "per_minute = \"-0.3\"", "an amount cannot be negative"),
        ("per_minute = \"0.3\"", "per_minute = \"0.000001\"", "5 decimals at most"),
        ("connection_fee = \"0.10\"", "connection_fee = \"0.105\"", "2 decimals at most"),
        ("first_seconds = 60", "first_seconds = 0", "a step has 1 to 3600 seconds"),
        ("next_seconds = 6", "next_seconds = 3601", "a step has 1 to 3600 seconds"),
        (
            "product = \"travel\"\nname",
            "product = \"home\"\nname",
            "bundle 7: there is no product \"home\" in this file",
        ),
        ("price = \"20\"", "price = \"20 USD\"", "not in CNY"),
        ("minutes = 100", "minutes = 0", "a bundle has 1 to 100000 minutes"),
        ("validity_days = 30", "validity_days = 0", "a bundle lasts 1 to 366 days"),
        ("destinations = [\"gb\"]", "destinations = []", "it leads nowhere"),
        ("destinations = [\"gb\"]", "destinations = [\"fr\"]", "there is no destination \"fr\""),
        ("destinations = [\"gb\"]", "destinations = [\"gb\", \"gb\"]", "it leads to \"gb\" twice"),
        ("unit = \"CNY\"", "unit = \"SEC\"", "a minute has no price there"),
        ("next_seconds = 1\n", "next_second = 1\n", "unknown field"),
    ] {
        assert!(FILE.contains(from), "{from}");
        let error = Catalogue::parse(&FILE.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(reason), "{to}: {error}");
    }
    let (before, rates) = FILE.split_once("[[rate]]").unwrap();
    let (_, second) = rates.split_once("[[rate]]").unwrap();
    let error = Catalogue::parse(&format!("{before}[[rate]]{second}")).unwrap_err().to_string();
    assert!(error.contains("bundle 7: the product has no rate to \"gb\""), "{error}");
    let (without_bundle, _) = second.split_once("[[bundle]]").unwrap();
    let error = Catalogue::parse(&format!("{before}[[rate]]{without_bundle}")).unwrap_err().to_string();
    assert_eq!(error, "destination \"gb\": no product has a rate to it");
    assert!(Catalogue::parse(&format!("{FILE}{}", &FILE[FILE.find("[[bundle]]").unwrap()..])).is_err());
}

#[test]
fn a_product_has_only_so_many_bundles() {
    let (before, bundle) = FILE.split_at(FILE.find("[[bundle]]").unwrap());
    let many = |count: u32| {
        let each = (1..=count).map(|id| bundle.replacen("id = 7", &format!("id = {id}"), 1));
        Catalogue::parse(&format!("{before}{}", each.collect::<String>()))
    };
    assert!(many(24).is_ok());
    assert!(many(25).unwrap_err().to_string().contains("more than 24 bundles"));
}
