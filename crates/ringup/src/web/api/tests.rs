use super::*;

#[test]
fn the_contract_is_what_it_was() {
    insta::assert_snapshot!(Contract::openapi().to_pretty_json().unwrap());
}
