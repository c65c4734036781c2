//! Worked examples of every recipe, made by commands: `docs/money-flows.md`.

use std::path::Path;

use crate::apply::tests::support::*;
use crate::apply::{CashMove, RefundHowMuch, SpentMeanwhile};
use crate::card::{CardNumber, CardState};
use crate::ledger::Chain;
use crate::payment::{PaymentWord, Provider, ReportSource};
use crate::promotion::Gift;
use crate::time::Span;

use RefundHowMuch::{Part, Whole};
use SpentMeanwhile::{AcceptLoss, Refuse};

const HEAD: &str = "\
# How money moves

This page is made by a test from what the commands really post, and compared with it at every run: it cannot be out
of date. The recipes are in `crates/ringup-core/src/ledger/recipes.rs`. After each line stands the balance of that
account, counted on its own side; accounts that belong to a day begin it at zero.
";

/// An example: what it is called, what to know about it, and how it comes about.
struct Flow {
    title: &'static str,
    story: &'static str,
    /// The position of the first entry to show: what other examples show already is left out.
    from: u64,
    play: fn(&mut World) -> Chain,
}

/// A new card with nothing on it.
fn empty_card(world: &mut World) -> CardNumber {
    let card = world.given_a_card_that_is(CardState::InStock);
    world.staff_make(card, CardState::Active).unwrap();
    card
}

/// A new card with the example of the design on it.
fn summer_top_up(world: &mut World) -> (CardNumber, Order) {
    let card = empty_card(world);
    let order = world.given_a_credited_top_up(card, "100.00 CNY", &summer());
    (card, order)
}

const FLOWS: [Flow; 23] = [
    Flow {
        title: "A top-up with a discount and a bonus",
        story: "100.00 with \"5 off\" and \"10 bonus\", paid by Alipay. The payer pays 95.00; the card gets 100.00 and \
                a bonus of 10.00; the promotions cost 15.00.",
        from: 1,
        play: |world| Chain::Card(summer_top_up(world).0),
    },
    Flow {
        title: "A top-up without promotions",
        story: "50.00, paid by WeChat Pay.",
        from: 1,
        play: |world| {
            let card = empty_card(world);
            let order = world.places(card, "50.00 CNY", &[]);
            let payment = world.begins_another_payment(order.top_up, Provider::WechatPay);
            world.hears(payment, ReportSource::Notification, money("50.00 CNY")).unwrap();
            Chain::Card(card)
        },
    },
    Flow {
        title: "A whole refund",
        story: "The first example is taken off the card again: value and bonus go, the promotions get back what they \
                gave, and Alipay sends 95.00.",
        from: 3,
        play: |world| {
            let (card, order) = summer_top_up(world);
            world.refunds_and_sends(order.top_up, Whole, Refuse);
            Chain::Card(card)
        },
    },
    Flow {
        title: "A part refund",
        story: "19.00 of the 95.00 of the first example go back: a fifth of everything. Shares are counted on the sum of all refunds of a \
                top-up, so that many small ones undo exactly what a whole one does.",
        from: 3,
        play: |world| {
            let (card, order) = summer_top_up(world);
            world.refunds_and_sends(order.top_up, Part(money("19.00 CNY")), Refuse);
            Chain::Card(card)
        },
    },
    Flow {
        title: "A refund although the card has spent",
        story: "After the first example, 40.00 were spent: the bonus first, then 30.00 of the card's own money. Staff accept the loss of 40.00.",
        from: 3,
        play: |world| {
            let (card, order) = summer_top_up(world);
            world.spends(card, "40.00 CNY").unwrap();
            world.refunds_and_sends(order.top_up, Whole, AcceptLoss);
            Chain::Card(card)
        },
    },
    Flow {
        title: "More is paid than asked",
        story: "80.00 come for a top-up of 50.00. The card gets its 50.00, the excess goes back.",
        from: 1,
        play: |world| {
            let card = empty_card(world);
            let order = world.places(card, "50.00 CNY", &[]);
            world.hears(order.payment, ReportSource::Query, money("80.00 CNY")).unwrap();
            world.provider_sends_all_refunds();
            Chain::Card(card)
        },
    },
    Flow {
        title: "Less is paid than asked",
        story: "49.00 come for a top-up of 50.00. All of it goes back, and the card gets nothing.",
        from: 1,
        play: |world| {
            let card = empty_card(world);
            let order = world.places(card, "50.00 CNY", &[]);
            world.hears(order.payment, ReportSource::Query, money("49.00 CNY")).unwrap();
            world.provider_sends_all_refunds();
            Chain::Card(card)
        },
    },
    Flow {
        title: "Paid twice",
        story: "The payer pays by Alipay, and then by WeChat Pay as well. The second payment goes back.",
        from: 1,
        play: |world| {
            let card = empty_card(world);
            let order = world.places(card, "50.00 CNY", &[]);
            let second = world.begins_another_payment(order.top_up, Provider::WechatPay);
            world.is_paid(order).unwrap();
            world.hears(second, ReportSource::Notification, money("50.00 CNY")).unwrap();
            world.provider_sends_all_refunds();
            Chain::Card(card)
        },
    },
    Flow {
        title: "Paid too late for its promotions",
        story: "The first example, paid two days after its quote. What was promised can no longer be given, so the \
                money goes back.",
        from: 1,
        play: |world| {
            let card = empty_card(world);
            let order = world.places(card, "100.00 CNY", &summer());
            world.hears_word(order.payment, ReportSource::Query, PaymentWord::Closed).unwrap();
            world.waits(Span::days(2));
            world.is_paid(order).unwrap();
            world.provider_sends_all_refunds();
            Chain::Card(card)
        },
    },
    Flow {
        title: "Paid for a card that was suspended meanwhile",
        story: "The card cannot be topped up any more when the money comes. It goes back.",
        from: 1,
        play: |world| {
            let card = empty_card(world);
            let order = world.places(card, "50.00 CNY", &[]);
            world.staff_make(card, CardState::Suspended).unwrap();
            world.is_paid(order).unwrap();
            world.provider_sends_all_refunds();
            Chain::Card(card)
        },
    },
    Flow {
        title: "Use of a card",
        story: "After the first example, 25.00 are spent: the bonus first, then the card's own money.",
        from: 3,
        play: |world| {
            let (card, _) = summer_top_up(world);
            world.spends(card, "25.00 CNY").unwrap();
            Chain::Card(card)
        },
    },
    Flow {
        title: "A bonus lapses",
        story: "After the first example, 4.00 of the bonus are spent before its date. The other 6.00 are the issuer's \
                again.",
        from: 3,
        play: |world| {
            let (card, order) = summer_top_up(world);
            world.spends(card, "4.00 CNY").unwrap();
            world.waits(Span::days(30));
            world.lapses(world.grant(order.top_up)).unwrap();
            Chain::Card(card)
        },
    },
    Flow {
        title: "A bonus in call seconds",
        story: "100.00 with a bonus of ten minutes; 90 seconds are called, and then a third of the top-up is refunded. \
                Each unit balances by itself.",
        from: 1,
        play: |world| {
            let seconds = promotion(2, Gift::Bonus { amount: money("600 SEC"), lasts: Span::days(30) });
            let card = empty_card(world);
            let order = world.given_a_credited_top_up(card, "100.00 CNY", &[seconds]);
            world.spends(card, "90 SEC").unwrap();
            world.refunds_and_sends(order.top_up, Part(money("33.33 CNY")), Refuse);
            Chain::Card(card)
        },
    },
    Flow {
        title: "A card comes from another system",
        story: "It is imported with the 33.30 it holds there.",
        from: 1,
        play: |world| Chain::Card(world.given_a_card("33.30 CNY")),
    },
    Flow {
        title: "A drawer is filled for a clerk",
        story: "300.00 come out of the safe of the store, which had nothing written down before: it is 300.00 below zero until \
                its cash is fetched from the bank.",
        from: 1,
        play: |world| {
            let safe = world.given_a_safe();
            Chain::Purse(world.opens_a_drawer(safe, "300.00 CNY"))
        },
    },
    Flow {
        title: "A top-up sold for cash",
        story: "The first example over the counter: 100.00 are handed over, 5.00 are change. The drawer holds the 95.00 that were paid.",
        from: 1,
        play: |world| {
            let card = empty_card(world);
            let safe = world.given_a_safe();
            let drawer = world.opens_a_drawer(safe, "0.00 CNY");
            world.sells(drawer, card, "100.00 CNY", &summer());
            Chain::Card(card)
        },
    },
    Flow {
        title: "A top-up sold for cash, credited in the evening",
        story: "The store credits at stated times: the money is nowhere yet until then.",
        from: 1,
        play: |world| {
            let card = empty_card(world);
            let safe = world.given_a_safe();
            let drawer = world.opens_a_drawer(safe, "0.00 CNY");
            let order = world.sells_for_later(drawer, card, "50.00 CNY", Span::hours(4));
            world.waits(Span::hours(4));
            world.credits(order.top_up).unwrap();
            Chain::Card(card)
        },
    },
    Flow {
        title: "A refund in cash",
        story: "A sale over the counter is taken off the card again, and 50.00 are handed over out of the drawer.",
        from: 3,
        play: |world| {
            let card = empty_card(world);
            let safe = world.given_a_safe();
            let drawer = world.opens_a_drawer(safe, "0.00 CNY");
            let order = world.sells(drawer, card, "50.00 CNY", &[]);
            let refund = world.refund_of(order.top_up, Whole);
            world.pays_out(refund, drawer).unwrap();
            Chain::Card(card)
        },
    },
    Flow {
        title: "A drawer is counted and emptied",
        story: "300.00 were in it and 50.00 came in; 345.00 are counted. The 5.00 that are missing are named.",
        from: 2,
        play: |world| {
            let card = empty_card(world);
            let safe = world.given_a_safe();
            let drawer = world.opens_a_drawer(safe, "300.00 CNY");
            world.sells(drawer, card, "50.00 CNY", &[]);
            world.closes(drawer, "345.00 CNY").unwrap();
            Chain::Purse(drawer)
        },
    },
    Flow {
        title: "Cash goes to the bank",
        story: "A safe was filled with 500.00 from the bank; 200.00 are sent back to it, and the bank finds 199.00.",
        from: 1,
        play: |world| {
            let safe = world.given_a_safe();
            world.moves_cash(safe, CashMove::FetchedFromBank(money("500.00 CNY"))).unwrap();
            world.moves_cash(safe, CashMove::SentToBank(money("200.00 CNY"))).unwrap();
            let (sent, banked) = (money("200.00 CNY"), money("199.00 CNY"));
            world.moves_cash(safe, CashMove::Banked { sent, banked }).unwrap();
            Chain::Purse(safe)
        },
    },
    Flow {
        title: "An agent sells from his float, and it is refunded",
        story: "He has paid 80.00 in advance and sells 50.00. The refund is on his float at once.",
        from: 1,
        play: |world| {
            let card = empty_card(world);
            let float = world.given_a_float("80.00 CNY", "0.00 CNY");
            let order = world.sells(float, card, "50.00 CNY", &[]);
            world.refund_of(order.top_up, Whole);
            Chain::Card(card)
        },
    },
    Flow {
        title: "An agent buys float through a provider",
        story: "He pays 300.00 with WeChat Pay: it is on his float, and WeChat Pay owes it to us until it pays out.",
        from: 1,
        play: |world| {
            let float = world.given_a_float("0.00 CNY", "0.00 CNY");
            let (provider, amount) = (Provider::WechatPay, money("300.00 CNY"));
            world.moves_cash(float, CashMove::FloatPaid { provider, amount }).unwrap();
            Chain::Purse(float)
        },
    },
    Flow {
        title: "An agent earns commission, is paid, and gives some back",
        story: "A month earned him 30.00; 20.00 of that went on his float, and the rest to his bank. Then sales of that month were \
                reversed that had earned 2.00: he owes it.",
        from: 1,
        play: |world| {
            let float = world.given_a_float("0.00 CNY", "0.00 CNY");
            world.moves_cash(float, CashMove::CommissionEarned(money("30.00 CNY"))).unwrap();
            world.moves_cash(float, CashMove::CommissionToFloat(money("20.00 CNY"))).unwrap();
            world.moves_cash(float, CashMove::CommissionPaid(money("10.00 CNY"))).unwrap();
            world.moves_cash(float, CashMove::CommissionTakenBack(money("2.00 CNY"))).unwrap();
            Chain::Purse(float)
        },
    },
];

fn document() -> String {
    let mut text = HEAD.to_owned();
    for flow in &FLOWS {
        let mut world = World::new();
        let chain = (flow.play)(&mut world);
        let story = wrapped(flow.story);
        text.push_str(&format!("\n## {}\n\n{story}\n\n```text\n{}```\n", flow.title, world.journal(chain, flow.from)));
    }
    text
}

/// Broken into lines of 118 characters at most.
fn wrapped(story: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in story.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + 1 + word.len() <= 118 => line.push_str(&format!(" {word}")),
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[test]
fn the_document_of_money_flows_says_what_the_commands_post() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/money-flows.md");
    let document = document();
    if std::fs::read_to_string(&path).is_ok_and(|written| written == document) {
        return;
    }
    let new = path.with_extension("md.new");
    std::fs::write(&new, document).unwrap();
    panic!("docs/money-flows.md is not what the commands post; look at docs/money-flows.md.new, and move it there");
}
