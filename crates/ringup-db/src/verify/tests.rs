use ringup_core::ledger::{AccountCode, Balance, Entry};
use ringup_core::money::Amount;
use ringup_core::time::{Span, Timestamp};
use ringup_core::top_up::TopUpState;

use super::{Ack, Report, parse_ack, verify};
use crate::error::Stop;
use crate::journal::{for_each_entry, pack};
use crate::seam::{Value, WriteTx};
use crate::testing::world::{Step, World, imagine};
use crate::testing::{TestDatabase, cny, given_a_database, start};

/// Three cards, of which one is topped up twice and another once, once with a bonus and once paid twice; a call, a
/// refund on its way, two sales over a counter whose drawer was closed, and one by an agent.
fn given_a_busy_database() -> (TestDatabase, World) {
    let paid = |payment| Step::Paid { payment, difference: 0, asked_by_us: false, late: false };
    let steps = [
        Step::Place { card: 0, amount: 3, repeats_key: false },
        paid(0),
        Step::Place { card: 1, amount: 1, repeats_key: false },
        paid(0),
        Step::Place { card: 1, amount: 2, repeats_key: false },
        Step::AddPayment { top_up: 0 },
        paid(0),
        paid(1),
        Step::Usage { card: 0, amount: 2_500 },
        Step::Refund { top_up: 2, part: Some(1_000), accept_loss: true },
        Step::Open { float: false, opening: 30_000 },
        Step::Sell { card: 2, amount: 1, purse: 0, later: false },
        Step::Sell { card: 2, amount: 2, purse: 0, later: true },
        Step::TimePasses { minutes: 30 },
        Step::Credit { top_up: 0 },
        Step::Close { purse: 0, counted: 37_900 },
        Step::Open { float: true, opening: 10_000 },
        Step::Sell { card: 1, amount: 1, purse: 0, later: false },
        Step::MoveCash { purse: 0, how: 3 },
        Step::MoveCash { purse: 0, how: 4 },
    ];
    let world = imagine(&steps);
    assert!(world.done.iter().all(|done| done.result.is_ok()), "{:#?}", world.done);
    let test = given_a_database();
    test.relive(&world.done, &[1, 3, 2]);
    let batch = "insert into batch (id, product_id, kind, card_count, state, created_at)
        select 1, 1, 'imported', count(*), 'active', 0 from card where batch_id = 1";
    let agent = "insert into agent (
            id, state, state_at, company, registration, contact, licence_number, licence_issuer, licence_last_day,
            licence_ends_at, time_zone, applied_at, place_id, float_id, unit, approved_at
        )
        select 1, 'approved', 0, '', '', '', '', '', 0, 0, 'UTC', 0, 1, id, unit, 0 from purse where kind = 4";
    let transfer = "insert into float_transfer (
            reference, agent_id, float_id, amount_minor, unit, confirmed_at, booked_at
        )
        select 'first', 1, float_id, 20000, unit, 0, 0 from agent";
    // All but 20 fen of the sale earns nothing, and those 20 fen earn themselves.
    let tier = "insert into commission_tier (agent_id, product_id, from_month, counted, from_minor, rate_bp)
        select 1, t.product_id, 202611, 2, t.pay_minor - 20, 10000
        from top_up as t join agent as a on a.float_id = t.sold_by";
    let booking = "insert into commission_booking (
            agent_id, month, number, seller_id, float_id, earned_minor, unit, sales_from, sales_until, made_at,
            booked_at
        )
        select 1, 202611, 1, 1, float_id, 20, unit, 0, 9000000000000000, 0, 0 from agent";
    test.write(|tx| {
        for sql in [batch, agent, transfer, tier, booking] {
            tx.batch(sql)?;
        }
        Ok(())
    });
    (test, world)
}

fn report(test: &TestDatabase, acks: Option<&[Ack]>, now: Timestamp) -> Report {
    verify(&mut test.database.reader().unwrap(), acks, now).unwrap()
}

/// The names of the checks that found something.
fn violated(report: &Report) -> Vec<&'static str> {
    report.lines.iter().filter(|line| line.found > 0).map(|line| line.name).collect()
}

/// Damages a busy database and says which check must see it.
fn check(name: &str, damage: impl FnOnce(&mut WriteTx<'_>) -> Result<(), Stop<String>>) {
    let (test, _) = given_a_busy_database();
    test.write(damage);
    let report = report(&test, None, start());
    assert!(violated(&report).contains(&name), "{name:?} is not in {:#?}", violated(&report));
}

fn check_sql(name: &str, sql: &str) {
    check(name, |tx| Ok(tx.batch(sql)?));
}

/// Rewrites the postings of one entry of the first kind that has a line on a card's own money.
fn check_postings(name: &str, damage: impl Fn(&mut Entry)) {
    check(name, |tx| {
        let mut found = None;
        for_each_entry(tx, &mut |entry, _| {
            if entry.postings.iter().any(|posting| posting.account.code == AccountCode::CardMain) {
                found = Some(entry);
            }
            Ok(())
        })?;
        let mut entry = found.unwrap();
        damage(&mut entry);
        let mut packed = Vec::new();
        pack(&mut packed, &entry.postings);
        let params: [Value<'_>; 2] = [packed.as_slice().into(), entry.id.as_u64().into()];
        tx.execute_exactly("update journal_entry set postings = $1 where id = $2", &params, 1)?;
        Ok(())
    });
}

const READABLE: &str = "every entry can be read";
const BALANCED: &str = "every entry is balanced per unit";
const MOVED: &str = "every posting moves its account by its amount";
const CHAINED: &str = "every entry carries the hash of the one before it on its card or purse";
const HEADED: &str = "every card's and every purse's chain ends where its row says";
const FOLDED: &str = "every balance follows from its postings";
const FLOORED: &str = "no account is or was below its floor";
const ENDED: &str = "every paid top-up is credited, or its money is on its way back";
const BOOKED: &str = "every capture and every credit is in the journal exactly once";
const REFUNDS: &str = "every refund is sent, or inside its clock, or with a person";
const OWED: &str = "what is owed back is what refunds have yet to send";
const LINKED: &str = "every event, payment, capture and refund is reached from its top-up";
const SEALED: &str = "every seal covers its entries, and no seal is missing";
const TRIAL: &str = "debits and credits of every unit are equal";
const UNALLOCATED: &str = "no ended top-up has money that is nowhere";
const TRANSACTIONS: &str = "every provider's transaction number is there once";
const ASKED: &str = "every payment asks for what its top-up costs";
const RECEIVED: &str = "every receipt says what the journal says";
const GRANTED: &str = "every bonus is what its top-up gave";
const PLACED: &str = "every row stands where it is looked for";
const SOLD: &str = "every card has its product, and its money in that product's unit";
const SHOWN: &str = "every card can be read";
const COMPLETE: &str = "every batch has all its cards";
const HELD: &str = "no float is below its credit limit, and no closed purse holds anything";
const NUMBERED: &str = "every store, kiosk and agent has numbered its receipts without a gap";
const BOUGHT: &str = "what agents paid, by transfer or through a provider, is on their floats once, and nothing else";
const OWNED: &str = "every agent's float is a float, and no other agent's";
const OF_KIOSKS: [&str; 3] = [
    "what was sold into a cash box is what its notes come to",
    "every sale of a kiosk is of its own card, box and notes",
    "every settled claim has its money, and no note was also in another sale",
];
const EARNED: &str = "every month's commission follows from its sales";
const SHARED: &str = "every part of a month's commission is the share that was agreed on";
const COMMISSIONED: &str = "commission is earned, taken back and paid once, as it was written down";
const ACKS: &str = "every acknowledged top-up is on its card exactly once";

#[test]
fn a_database_that_nobody_damaged_is_clean() {
    let (test, _) = given_a_busy_database();
    let report = report(&test, Some(&[]), start());
    assert!(report.is_clean(), "{report:#?}");
    let idle: Vec<_> = report.lines.iter().filter(|line| line.checked == 0).map(|line| line.name).collect();
    // What kiosks write is no part of the books: their checks are tried by the scenarios at a kiosk.
    let idle: Vec<_> = idle.into_iter().filter(|name| !OF_KIOSKS.contains(name)).collect();
    assert_eq!(idle, [ACKS], "each check has something to look at");
}

#[test]
fn postings_that_cannot_be_read_are_found() {
    check(READABLE, |tx| {
        let rubbish = [0xff_u8];
        tx.execute("update journal_entry set postings = $1 where position = 2", &[rubbish.as_slice().into()])?;
        Ok(())
    });
}

#[test]
fn an_entry_out_of_balance_is_found() {
    check_postings(BALANCED, |entry| {
        let posting = entry.postings.last_mut().unwrap();
        posting.amount = Amount::new(posting.amount.minor() + 1, posting.amount.unit()).unwrap();
    });
}

#[test]
fn a_posting_that_moves_more_than_its_amount_is_found() {
    let shift = |entry: &mut Entry| {
        let posting = entry.postings.last_mut().unwrap();
        posting.after = Balance::from_minor(posting.after.minor() + 1);
    };
    check_postings(MOVED, shift);
    check_postings(FOLDED, shift);
    check_postings(CHAINED, shift);
}

#[test]
fn a_balance_that_was_changed_is_found() {
    check_sql(FOLDED, "update card set main_minor = main_minor + 1");
    check_sql(TRIAL, "update card set main_minor = main_minor + 1");
    check_sql(FOLDED, "update card set main_minor = null, main_unit = null, main_version = null");
    check_sql(FOLDED, "update bonus_grant set left_minor = left_minor + 1");
    check_sql(FOLDED, "update capture set unallocated_minor = 7 where unallocated_minor is not null");
    check_sql(FOLDED, "update account set balance_minor = balance_minor + 1 where code = 30");
    check_sql(FOLDED, "update account set version = version + 1 where code = 50");
    check_sql(FOLDED, "delete from account where code = 30");
    check_sql(
        FOLDED,
        "insert into account (shard, owner, code, unit, balance_minor, version) values (3, 1, 60, 'CNY', 0, 1)",
    );
}

#[test]
fn an_account_below_its_floor_is_found() {
    check_postings(FLOORED, |entry| {
        let posting = entry.postings.iter_mut().find(|posting| posting.account.code == AccountCode::CardMain).unwrap();
        posting.after = Balance::from_minor(-1);
    });
}

#[test]
fn a_changed_removed_or_inserted_entry_is_found() {
    check_sql(CHAINED, "update journal_entry set effective_at = effective_at + 1 where position = 2");
    check_sql(CHAINED, "update journal_entry set cause_number = cause_number + 1 where position = 2");
    check_sql(CHAINED, "delete from journal_entry where position = 2");
    let again = "insert into journal_entry (
            id, shard, card_number, purse_id, position, previous_id, kind, cause_kind, cause_number, effective_at, recorded_at,
            postings, hash, seal_house, seal_number, seal_line
        )
        select id + 1, shard, card_number, purse_id, position + 100, previous_id, kind, cause_kind, cause_number, effective_at,
            recorded_at, postings, hash, seal_house, seal_number, seal_line + 100
        from journal_entry where position = 2";
    check_sql(CHAINED, again);
    check_sql(SEALED, again);
}

#[test]
fn an_entry_removed_from_the_end_of_a_chain_is_found() {
    let remove = "delete from journal_entry where position = (
        select max(position) from journal_entry as e where e.card_number = journal_entry.card_number)";
    check_sql(HEADED, remove);
    check_sql(SEALED, remove);
    check_sql(FOLDED, remove);
}

#[test]
fn a_row_that_is_cut_off_from_its_top_up_is_found() {
    for (table, newest) in [
        ("event", "newest_event_id"),
        ("payment", "newest_payment_id"),
        ("capture", "newest_capture_id"),
        ("refund", "newest_refund_id"),
    ] {
        let check_changed = |sql: String| check_sql(LINKED, String::leak(sql));
        check_changed(format!("update top_up set {newest} = null"));
        check_changed(format!("update top_up set {newest} = {newest} + 1"));
        check_changed(format!("update {table} set previous_id = id + 1"));
        check_changed(format!("delete from {table} where previous_id is null"));
    }
    check_sql(CHAINED, "update journal_entry set previous_id = previous_id + 1 where position = 3");
    check_sql(HEADED, "update card set chain_entry_id = chain_entry_id + 1");
}

#[test]
fn a_missing_or_changed_seal_is_found() {
    check_sql(SEALED, "delete from seal where number = 2");
    check_sql(SEALED, "update seal set hash = (select hash from seal where number = 1) where number = 2");
    check_sql(SEALED, "update journal_entry set seal_line = seal_line + 1 where position = 3");
    check_sql(SEALED, "update journal_entry set seal_number = 99 where position = 3");
}

#[test]
fn a_paid_top_up_that_has_not_ended_is_found() {
    check_sql(ENDED, "update top_up set state = 'placed', state_at = null, receipt_id = null where state = 'credited'");
    check_sql(ENDED, "delete from top_up");
    check_sql(ENDED, "update top_up set paid_by = paid_by + 1 where paid_by is not null");
}

#[test]
fn a_capture_or_credit_that_is_not_booked_exactly_once_is_found() {
    check_sql(BOOKED, "update top_up set gets_minor = gets_minor + 1");
    check_sql(BOOKED, "update capture set amount_minor = amount_minor + 1");
    check_sql(BOOKED, "delete from capture");
    check_sql(BOOKED, "update journal_entry set cause_number = (select max(id) from payment) where kind = 2");
}

#[test]
fn a_payment_that_asks_for_something_else_is_found() {
    check_sql(ASKED, "update top_up set pay_minor = pay_minor - 1");
    check_sql(ASKED, "update payment set amount_minor = amount_minor + 1");
    check_sql(ASKED, "update payment set provider = 3 - provider");
    check_sql(ASKED, "delete from top_up");
}

#[test]
fn a_receipt_that_says_something_else_is_found() {
    check_sql(RECEIVED, "update top_up set receipt_id = receipt_id + 1 where receipt_id is not null");
    check_sql(RECEIVED, "update top_up set state_at = state_at + 1 where state = 'credited'");
    check_sql(RECEIVED, "update top_up set bonus_minor = bonus_minor + 1 where bonus_minor is not null");
    check_sql(RECEIVED, "update top_up set grant_id = null where grant_id is not null");
    check_sql(RECEIVED, "update event set happened_at = happened_at + 1 where kind = 4");
    check_sql(RECEIVED, "update event set kind = 3 where kind = 4");
}

#[test]
fn a_bonus_that_is_not_what_was_given_is_found() {
    check_sql(GRANTED, "update bonus_grant set expires_at = expires_at + 1");
    check_sql(GRANTED, "update bonus_grant set amount_minor = amount_minor + 1");
    check_sql(
        GRANTED,
        "update bonus_grant set card_number = (select min(number) from card where number <> card_number)",
    );
    check_sql(GRANTED, "update bonus_grant set lapsed_at = expires_at - 1");
    check_sql(GRANTED, "delete from bonus_grant");
}

#[test]
fn a_row_that_cannot_be_found_is_found() {
    for table in ["top_up", "payment", "capture", "bonus_grant", "purse", "event", "job", "idempotency_key", "card"] {
        let sql: &'static str = Box::leak(format!("update {table} set shard = (shard + 1) % 256").into_boxed_str());
        check_sql(PLACED, sql);
    }
}

#[test]
fn a_purse_that_holds_something_else_is_found() {
    check_sql(FOLDED, "update purse set holds_minor = holds_minor + 1 where kind = 3");
    check_sql(TRIAL, "update purse set holds_minor = holds_minor + 1 where kind = 3");
    check_sql(FOLDED, "update purse set holds_minor = null, holds_version = null");
    check_sql(FOLDED, "update account set balance_minor = balance_minor + 1 where code = 70");
    check_sql(HELD, "update purse set holds_minor = 1 where state = 'closed'");
    check_sql(HELD, "update purse set chain_hash = chain_hash, unit = 'C'");
    check_sql(HEADED, "update purse set chain_length = chain_length + 1 where chain_length > 0");
    check_sql(HEADED, "delete from purse where kind = 1");
    check_sql(CHAINED, "update journal_entry set effective_at = effective_at + 1 where purse_id is not null");
}

#[test]
fn a_receipt_number_that_is_missing_or_there_twice_is_found() {
    check_sql(NUMBERED, "update purse set receipts = receipts + 1 where kind = 3");
    check_sql(NUMBERED, "update top_up set receipt_number = 1 where receipt_number = 2");
    check_sql(NUMBERED, "update top_up set receipt_number = 3 where receipt_number = 2");
    check_sql(NUMBERED, "update top_up set sold_by = sold_by + 1 where receipt_number = 2");
    check_sql(NUMBERED, "update top_up set receipt_number = null where receipt_number = 2");
}

#[test]
fn a_top_up_that_was_to_be_credited_at_a_time_that_is_over_is_found() {
    check_sql(
        ENDED,
        "update top_up set state = 'deferred', receipt_id = null, credit_at = 0 where credit_at is not null",
    );
}

#[test]
fn a_card_without_its_product_is_found() {
    check_sql(SOLD, "update card set product_id = 77");
    check_sql(SOLD, "update product set unit = 'SEC'");
    check_sql(SOLD, "update card set main_unit = 'SEC' where main_unit is not null");
}

#[test]
fn a_card_that_cannot_be_read_is_found() {
    check_sql(SHOWN, "update card set last_credit_minor = 1, last_credit_unit = null");
}

#[test]
fn a_card_that_is_gone_without_a_trace_is_found() {
    check_sql(COMPLETE, "update batch set card_count = card_count + 1");
    check_sql(COMPLETE, "delete from card where number = (select max(number) from card)");
}

#[test]
fn a_total_that_cannot_be_read_is_a_finding_and_no_error() {
    check_sql(TRIAL, "update account set unit = 'C'");
}

#[test]
fn money_that_is_nowhere_is_found() {
    check_sql(UNALLOCATED, "update capture set unallocated_minor = 5");
    check_sql(OWED, "update account set balance_minor = 5 where code = 21");
    check_sql(OWED, "delete from refund");
}

#[test]
fn a_transaction_number_that_is_there_twice_is_found() {
    check_sql(
        TRANSACTIONS,
        "drop index capture_transaction_id_unique; update capture set transaction_id = 'T' where provider = 1",
    );
}

#[test]
fn a_refund_that_takes_too_long_is_found_unless_a_person_has_it() {
    let (test, _) = given_a_busy_database();
    assert_eq!(violated(&report(&test, None, start().plus(Span::days(2)))), Vec::<&str>::new());
    assert_eq!(violated(&report(&test, None, start().plus(Span::days(4)))), [REFUNDS]);
    // Who looks at what a holder wrote does not look at his money.
    let about_words = "insert into review_case (shard, id, kind, top_up_id, detail, opened_at, due_at)
        select shard, id + 1, 6, top_up_id, '', 0, 0 from refund";
    test.write(|tx| Ok(tx.batch(about_words)?));
    assert_eq!(violated(&report(&test, None, start().plus(Span::days(4)))), [REFUNDS]);
    let open = "insert into review_case (shard, id, kind, top_up_id, detail, opened_at, due_at)
        select shard, id, 2, top_up_id, '', 0, 0 from refund";
    test.write(|tx| Ok(tx.batch(open)?));
    assert_eq!(violated(&report(&test, None, start().plus(Span::days(4)))), Vec::<&str>::new());
}

#[test]
fn an_acknowledged_top_up_must_be_there_once_with_its_card_and_amount() {
    let (test, world) = given_a_busy_database();
    let top_ups: Vec<_> = world.touches.top_ups.iter().map(|id| world.books.top_up(*id).unwrap()).collect();
    assert!(top_ups.iter().all(|top_up| matches!(top_up.state, TopUpState::Credited { .. })));
    let acks: Vec<Ack> = top_ups
        .iter()
        .map(|top_up| {
            let line = format!("{} {} {}", top_up.id, top_up.quote.card, top_up.quote.card_gets.to_decimal());
            parse_ack(&format!("{line} CNY")).unwrap()
        })
        .collect();
    let clean = report(&test, Some(&acks), start());
    assert!(clean.is_clean(), "{clean:#?}");
    assert_eq!(clean.lines.last().unwrap().checked, u64::try_from(acks.len()).unwrap());

    let told_more = Ack { amount: cny(99_999), ..acks[0] };
    let on_another = Ack { card: acks[1].card, ..acks[0] };
    let never_was = Ack { top_up: ringup_core::id::TopUpId::from_u64(12_345), ..acks[0] };
    for ack in [told_more, on_another, never_was] {
        assert_eq!(violated(&report(&test, Some(&[ack]), start())), [ACKS]);
    }
    let twice = "insert into journal_entry (
            id, shard, card_number, purse_id, position, previous_id, kind, cause_kind, cause_number, effective_at, recorded_at,
            postings, hash, seal_house, seal_number, seal_line
        )
        select id + 1, shard, card_number, purse_id, position + 100, previous_id, kind, cause_kind, cause_number, effective_at,
            recorded_at, postings, hash, seal_house, seal_number, seal_line + 100
        from journal_entry where kind = 2";
    test.write(|tx| Ok(tx.batch(twice)?));
    assert!(violated(&report(&test, Some(&acks), start())).contains(&ACKS));
}

#[test]
fn a_line_that_is_no_acknowledgement_is_refused() {
    for line in ["", "top_1 2 3", "pay_0000000000000 8880000000000008 1.00 CNY", "x y z CNY more"] {
        assert!(parse_ack(line).is_err(), "{line:?}");
    }
}

#[test]
fn float_that_nobody_paid_for_is_found_and_a_transfer_that_is_on_no_float() {
    check_sql(BOUGHT, "delete from float_transfer");
    check_sql(BOUGHT, "update float_transfer set amount_minor = 20001");
    check_sql(BOUGHT, "update float_transfer set amount_minor = 19999, booked_at = null");
    check_sql(OWNED, "update agent set float_id = 7");
    check_sql(OWNED, "update agent set float_id = (select id from purse where kind = 3)");
}

/// The float was paid through Alipay by this row, while the journal has it from the bank.
const PURCHASE: &str = "insert into float_purchase (
        id, shard, agent_id, float_id, amount_minor, unit, provider, method, key_hash, created_at, expires_at, state,
        transaction_id, paid_minor, paid_at, booked_at, version
    )
    select 5, 0, 1, float_id, 20000, unit, 1, 1, (select key_hash from idempotency_key limit 1), 0, 0, 'paid', 'T-float', 20000, 0, ";

#[test]
fn float_that_a_provider_was_paid_for_is_found_when_it_is_on_no_float_or_came_another_way() {
    let booked = format!("{} from agent", PURCHASE.to_owned() + "0, 0");
    check_sql(BOUGHT, &booked);
    check_sql(BOUGHT, &format!("{booked}; delete from float_transfer"));
    let elsewhere = booked.replace("5, 0, 1, float_id", "5, 0, 7, float_id").replace("0, 0 from", "null, 0 from");
    check_sql(OWNED, &elsewhere);
}

#[test]
fn a_providers_number_that_is_a_top_ups_and_a_purchases_is_found() {
    let taken = "(select transaction_id from capture where provider is not null limit 1)";
    let provider = "unit, (select provider from capture where provider is not null limit 1), 1, (select key";
    let twice = (PURCHASE.to_owned() + "null, 0 from agent").replace("'T-float'", taken);
    check_sql(TRANSACTIONS, &twice.replace("unit, 1, 1, (select key", provider));
}

#[test]
fn a_transfer_that_was_cut_off_may_be_on_its_float_or_not() {
    for sql in [
        "update float_transfer set booked_at = null",
        "insert into float_transfer (reference, agent_id, float_id, amount_minor, unit, confirmed_at)
            select 'second', 1, float_id, 500, unit, 0 from agent",
    ] {
        let (test, _) = given_a_busy_database();
        test.write(|tx| Ok(tx.batch(sql)?));
        assert_eq!(violated(&report(&test, None, start())), Vec::<&str>::new(), "{sql}");
    }
}

#[test]
fn commission_that_no_sale_has_earned_is_found_and_what_is_in_the_journal_otherwise() {
    check_sql(EARNED, "update commission_booking set earned_minor = 21");
    check_sql(EARNED, "update commission_booking set earned_minor = 19");
    check_sql(EARNED, "update commission_tier set rate_bp = 5000");
    check_sql(EARNED, "update commission_booking set sales_until = 1");
    check_sql(EARNED, "delete from commission_tier");
    check_sql(COMMISSIONED, "update commission_booking set earned_minor = 21");
    check_sql(COMMISSIONED, "delete from commission_booking");
    let payout = "insert into commission_payout (
            agent_id, number, float_id, amount_minor, unit, paid_to, made_at, booked_at
        )
        select 1, 1, float_id, 5, unit, 'bank', 0, 0 from agent";
    check_sql(COMMISSIONED, payout);
}

#[test]
fn commission_that_is_shared_otherwise_than_agreed_is_found() {
    let link = "insert into sub_agent (agent_id, from_month, parent_id, share_bp) values (1, 202611, 2, 1000)";
    check_sql(SHARED, link);
    let part = "insert into commission_booking (
            agent_id, month, number, seller_id, float_id, earned_minor, unit, sales_from, sales_until, made_at, booked_at
        )
        select 2, 202611, 1, 1, float_id, 0, unit, 0, 9000000000000000, 0, 0 from agent";
    check_sql(SHARED, part);
    check_sql(SHARED, "update commission_booking set agent_id = 2");
    check_sql(EARNED, "update commission_booking set seller_id = 2");
    let circle = "insert into sub_agent (agent_id, from_month, parent_id, share_bp)
        values (1, 202611, 2, 1000), (2, 202611, 1, 1000)";
    check_sql(SHARED, circle);
}
