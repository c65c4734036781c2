//! The inputs that are kept below `fuzz/corpus`, and small changes of them, without a fuzzer.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use std::path::{Path, PathBuf};

use ringup_fuzz::{Check, PLANTED, Reached, TARGETS, Target, find};

/// How many changed copies of each input are tried.
const CHANGES: u64 = 24;

fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target.name)
}

/// The kept inputs with their names, in order.
fn kept(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = folder(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut inputs: Vec<(String, Vec<u8>)> = files
        .map(|file| {
            let path = file.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap())
        })
        .collect();
    inputs.sort();
    inputs
}

fn check(checks: &mut dyn Check, target: &Target, name: &str, input: &[u8]) -> Reached {
    checks.check(input).unwrap_or_else(|broken| panic!("{} with {name} ({input:?}): {broken}", target.name))
}

/// One byte of the input changed, taken out or doubled, at a place that depends on `seed` alone.
fn changed(input: &[u8], seed: u64) -> Vec<u8> {
    let mut bytes = input.to_vec();
    let mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
    let at = usize::try_from(mixed).unwrap() % (bytes.len() + 1);
    match (seed % 3, bytes.get(at).copied()) {
        (0, Some(byte)) => bytes[at] = byte ^ (1 << (seed % 8)),
        (1, Some(_)) => drop(bytes.remove(at)),
        (_, byte) => bytes.insert(at, byte.unwrap_or(b'%')),
    }
    bytes
}

/// Every kept input of a target holds, and each small change of it; some input is taken, and some is refused where there is
/// anything to refuse.
fn holds(name: &str) {
    let target = find(name).unwrap();
    let mut checks = (target.prepare)().unwrap();
    let mut reached = Vec::new();
    for (name, input) in kept(&target) {
        assert!(input.len() <= target.bytes_max, "{name} is longer than what the fuzzer makes up");
        let verdict = check(checks.as_mut(), &target, &name, &input);
        assert_eq!(name.starts_with("refused"), verdict == Reached::Refused, "{}/{name}: {verdict:?}", target.name);
        reached.push(verdict);
        for seed in 0..CHANGES {
            check(checks.as_mut(), &target, &name, &changed(&input, seed));
        }
    }
    assert!(reached.contains(&Reached::Accepted), "no kept input of {} gets all the way", target.name);
    check(checks.as_mut(), &target, "nothing", &[]);
}

macro_rules! each {
    ($($test:ident: $target:literal,)+) => {
        $(#[test]
        fn $test() {
            holds($target);
        })+

        #[test]
        fn each_target_has_a_test_here_and_inputs_of_its_own() {
            let tested = [$($target),+];
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(tested.as_slice(), names.as_slice());
            let folders = std::fs::read_dir(folder(&TARGETS[0]).join("..")).unwrap();
            let mut folders: Vec<String> =
                folders.map(|folder| folder.unwrap().file_name().to_string_lossy().into_owned()).collect();
            folders.sort();
            let mut wanted: Vec<&str> = tested.to_vec();
            wanted.push(PLANTED.name);
            wanted.sort_unstable();
            assert_eq!(folders, wanted);
        }
    };
}

each! {
    amounts_are_the_figures_that_stand_there: "amount",
    card_numbers_are_their_digits: "card_number",
    numbers_to_call_are_their_digits: "dialled",
    ids_read_back_and_references_are_exact: "id",
    top_up_codes_say_what_was_typed: "top_up_code",
    acknowledgements_say_what_was_read: "ack_line",
    keys_and_pins_are_what_was_typed: "key_and_pin",
    places_keep_their_hours: "place",
    sealed_quotes_open_as_they_were_sealed: "quote_token",
    card_passes_open_until_their_time_is_over: "card_pass",
    receipts_are_genuine_or_not: "receipt",
    a_forged_notification_of_alipays_is_refused: "alipay_forged",
    what_alipay_signs_is_read_as_it_stands: "alipay_told",
    a_forged_notification_of_wechat_pays_is_refused: "wechat_pay_forged",
    what_wechat_pay_signs_is_read_as_it_stands: "wechat_pay_told",
    a_body_is_believed_under_its_own_headers_only: "signature_headers",
    catalogues_can_be_sold_from: "catalogue",
    lists_of_cards_are_imported_line_by_line: "import",
    any_cursor_shows_the_cards_page: "cursor",
    quotes_are_what_was_asked: "quote_request",
    every_request_is_answered: "router",
}
