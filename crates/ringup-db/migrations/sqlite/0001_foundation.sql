-- Ringup's tables on SQLite. The same tables, numbered alike, stand in ../postgres.
--
-- Integers are 64 bits. Moments (..._at, ..._until) are microseconds since 1970, spans microseconds, money (..._minor) minor
-- units of the unit beside it. Ids hold their own time and shard (ringup_core::id). Rows lie in the order of their ids, so that a
-- table grows at its end; what belongs together is chained, each row naming the one before it. Accounts that are written
-- whenever their owner is stand in the owner's row. See docs/decisions/0012-rows-that-grow-at-their-end.md.
-- States and units are written as words, so that a row can be read; other enumerations as the numbers of ringup_core.

-- What kinds of card the issuer sells.
create table product (
    id integer primary key,
    code text not null,
    name_en text not null,
    name_zh_hans text not null,
    unit text not null,
    number_prefix text not null,
    number_digits integer not null,
    pin_digits integer not null,
    validity_us integer not null,
    added_per_top_up_us integer not null,
    grace_us integer not null,
    -- The amounts on the tiles: a JSON list of minor units.
    offered text not null,
    -- Other amounts that are sold, from and to; both or none.
    other_min_minor integer,
    other_max_minor integer,
    balance_min_minor integer not null,
    balance_max_minor integer not null,
    constraint product_code_unique unique (code),
    constraint product_other_amounts check ((other_min_minor is null) = (other_max_minor is null)),
    constraint product_balance check (balance_min_minor >= 0 and balance_max_minor >= balance_min_minor)
) strict;

-- What the issuer gives on top, by a stated rule.
create table promotion (
    id integer primary key,
    product_id integer not null references product (id),
    name_en text not null,
    name_zh_hans text not null,
    starts_at integer not null,
    ends_at integer not null,
    spend_minor integer not null,
    spend_unit text not null,
    gift text not null,
    gift_minor integer not null,
    gift_unit text not null,
    -- How long a bonus can be spent; nothing for a discount.
    lasts_us integer,
    constraint promotion_gift check ((gift = 'discount' and lasts_us is null) or (gift = 'bonus' and lasts_us is not null))
) strict;
create index promotion_product on promotion (product_id, ends_at);

-- Cards that were made or imported together.
create table batch (
    id integer primary key,
    product_id integer not null references product (id),
    -- 'issued' here, or 'imported' from another system.
    kind text not null,
    card_count integer not null,
    state text not null,
    created_at integer not null,
    constraint batch_kind check (kind in ('issued', 'imported')),
    constraint batch_state check (state in ('generated', 'in_stock', 'active', 'suspended', 'closed'))
) strict;

-- Cards, and the heads of their chains of journal entries.
create table card (
    number integer primary key,
    shard integer not null,
    product_id integer not null,
    batch_id integer not null,
    -- Keyed hash of the PIN; the key is outside the database.
    pin_hash blob not null,
    state text not null,
    -- Until when it can be used; nothing while it has not been sold.
    expires_at integer,
    -- The account card.main: nothing before its first posting.
    main_minor integer,
    main_unit text,
    main_version integer,
    -- The last top-up put on it: to ask before the same is done again.
    last_credit_top_up_id integer,
    last_credit_minor integer,
    last_credit_unit text,
    last_credit_at integer,
    -- The head of its chain: the last entry, how many there are, and the hash of the last.
    chain_entry_id integer,
    chain_length integer not null,
    -- Nothing while the chain is empty.
    chain_hash blob,
    -- Zeros, as many as the row will grow by: see docs/decisions/0016-room-in-rows.md.
    room blob,
    version integer not null,
    -- Not "state in (...)": for each row that is checked SQLite would make a table of such a list.
    constraint card_state check (
        state = 'generated' or state = 'in_stock' or state = 'active' or state = 'suspended' or state = 'closed'
    ),
    constraint card_chain check (
        (chain_length = 0) = (chain_hash is null) and (chain_length = 0) = (chain_entry_id is null)
    ),
    constraint card_main check (
        (main_unit is null) = (main_minor is null)
        and (main_unit is null) = (main_version is null)
        and coalesce(main_minor, 0) >= 0
    )
) strict;

-- What each account holds that has a row of its own: what payments are owed back, and the issuer's own accounts of each day,
-- which stand in the shard of the server that keeps them. The owner stands before the code, because everything that one
-- payment or day owns is read together.
create table account (
    shard integer not null,
    -- A payment's id, or a day since 1970 in China, as the code says.
    owner integer not null,
    code integer not null,
    unit text not null,
    -- Signed, counted on the account's own side.
    balance_minor integer not null,
    -- How many postings it has had.
    version integer not null,
    primary key (shard, owner, code, unit),
    -- 10 card.main, 11 card.bonus, 20 liability.unallocated and what purses hold (12, 32, 33, 34) stand in the rows of their owners.
    constraint account_code check (
        code <> 10 and code <> 11 and code <> 12 and code <> 20 and code <> 32 and code <> 33 and code <> 34
    ),
    -- 21 liability.refund is never below zero.
    constraint account_floor check (balance_minor >= 0 or code <> 21)
) strict, without rowid;

-- Orders to put an amount on a card, with what was promised.
create table top_up (
    id integer primary key,
    shard integer not null,
    code blob not null,
    channel integer not null,
    language text not null,
    card_number integer not null,
    product_id integer not null,
    gets_minor integer not null,
    pay_minor integer not null,
    unit text not null,
    bonus_minor integer,
    bonus_unit text,
    bonus_lasts_us integer,
    -- Which promotions make the difference: a JSON list; nothing when there are none.
    adjustments text,
    card_valid_until integer not null,
    quoted_at integer not null,
    placed_at integer not null,
    -- The drawer, cash box or float that sold it, and when its card gets the value where that is not at once.
    sold_by integer,
    credit_at integer,
    state text not null,
    -- When it came into its state; nothing while it is placed.
    state_at integer,
    receipt_id integer,
    refund_reason integer,
    -- The payment it was credited from, and the bonus it gave.
    paid_by integer,
    grant_id integer,
    refunded_minor integer not null,
    main_undone_minor integer not null,
    bonus_undone_minor integer not null,
    -- The newest of its events, payments, captures and refunds; each names the one before it.
    newest_event_id integer,
    newest_payment_id integer,
    newest_capture_id integer,
    newest_refund_id integer,
    -- The number of its receipt among those of the same store, kiosk or agent.
    receipt_number integer,
    -- Zeros, as many as the row will grow by: see docs/decisions/0016-room-in-rows.md.
    room blob,
    version integer not null,
    constraint top_up_code_unique unique (code),
    constraint top_up_state check (
        state = 'placed' or state = 'deferred' or state = 'abandoned' or state = 'credited' or state = 'refunding'
        or state = 'refunded'
    ),
    constraint top_up_amounts check (pay_minor > 0 and refunded_minor between 0 and pay_minor)
) strict;
create index top_up_card on top_up (card_number, id);
create index top_up_sold_by on top_up (sold_by, id) where sold_by is not null;

-- Attempts to pay for a top-up. What came of one is in capture: this row is not written again when it is paid.
create table payment (
    id integer primary key,
    shard integer not null,
    top_up_id integer not null,
    -- The payment that was begun for the top-up before this one.
    previous_id integer,
    -- A provider and how the payer gets there, or what kind of purse it went into or came off, and which.
    provider integer,
    method integer,
    purse_kind integer,
    purse_id integer,
    amount_minor integer not null,
    unit text not null,
    created_at integer not null,
    expires_at integer not null,
    -- What it was before it was captured, if it was.
    state text not null,
    -- From pending on: what brings the payer to the provider.
    hand_over text,
    -- When we knew that nobody would pay.
    state_at integer,
    version integer not null,
    constraint payment_state check (
        state = 'created'
        or (state = 'pending' and hand_over is not null)
        or (state = 'abandoned' and state_at is not null)
    ),
    constraint payment_tender check (
        (provider is null) = (method is null)
        and (provider is null) = (purse_id is not null)
        and (provider is null) = (purse_kind is not null)
    )
) strict;

-- What providers took: one row for each payment that was captured. See docs/decisions/0017-captures-apart.md.
create table capture (
    id integer primary key,
    shard integer not null,
    payment_id integer not null,
    top_up_id integer not null,
    -- The capture that was booked for the top-up before this one.
    previous_id integer,
    -- Nothing where no provider took it.
    provider integer,
    transaction_id text,
    -- When the payer paid.
    captured_at integer not null,
    -- What was really paid, in the payment's unit.
    amount_minor integer not null,
    unit text not null,
    -- The account liability.unallocated of the payment: nothing before its first posting.
    unallocated_minor integer,
    unallocated_version integer,
    version integer not null,
    constraint capture_unallocated check (
        (unallocated_minor is null) = (unallocated_version is null) and coalesce(unallocated_minor, 0) >= 0
    ),
    constraint capture_transaction check ((provider is null) = (transaction_id is null))
) strict;
-- A provider's number is unique for ever and over all shards: the shard is left out on purpose. A database that is
-- divided by shard needs a table of its own for it.
create unique index capture_transaction_id_unique on capture (provider, transaction_id);

-- Money on its way back to payers.
create table refund (
    id integer primary key,
    shard integer not null,
    payment_id integer not null,
    top_up_id integer not null,
    -- The refund that was booked for the top-up before this one.
    previous_id integer,
    amount_minor integer not null,
    unit text not null,
    reason integer not null,
    requested_at integer not null,
    state text not null,
    -- When it succeeded or failed.
    state_at integer,
    -- The provider's reason for a failure, in its own words.
    failure text,
    version integer not null,
    constraint refund_state check (
        (state = 'requested' and state_at is null)
        or (state = 'succeeded' and state_at is not null)
        or (state = 'failed' and state_at is not null and failure is not null)
    ),
    constraint refund_amount check (amount_minor > 0)
) strict;

-- Promotional value on cards, each with its own expiry.
create table bonus_grant (
    id integer primary key,
    shard integer not null,
    card_number integer not null,
    amount_minor integer not null,
    unit text not null,
    expires_at integer not null,
    -- The account card.bonus, in the bonus's unit: nothing before its first posting.
    left_minor integer,
    left_version integer,
    -- When it ended by lapsing.
    lapsed_at integer,
    version integer not null,
    constraint bonus_grant_left check (
        (left_minor is null) = (left_version is null) and coalesce(left_minor, 0) >= 0
    )
) strict;
create index bonus_grant_open on bonus_grant (card_number) where lapsed_at is null;

-- Callers' keys that were used: kept 400 days. The shard is that of the key's hash.
create table idempotency_key (
    shard integer not null,
    key_hash blob not null,
    -- The hash of what was asked with it.
    fingerprint blob not null,
    -- The number of the id that was made.
    result integer not null,
    used_at integer not null,
    primary key (shard, key_hash)
) strict, without rowid;

-- The journal: append only. Written and never changed.
create table journal_entry (
    id integer primary key,
    shard integer not null,
    -- In whose chain it stands: a card's or a purse's.
    card_number integer,
    purse_id integer,
    -- Its place in the chain, from 1.
    position integer not null,
    -- The entry before it in the chain.
    previous_id integer,
    kind integer not null,
    -- 1 payment, 2 refund, 3 bonus, 4 use of the card, 5 import, 6 purse; and its number.
    cause_kind integer not null,
    cause_number integer not null,
    effective_at integer not null,
    recorded_at integer not null,
    -- The lines, packed: see docs/decisions/0005-row-layout.md, and ringup_db::journal for reading them.
    postings blob not null,
    -- SHA-256 over the entry and the hash of the chain's entry before it.
    hash blob not null,
    -- The seal that covers it, and its place under that seal, from 0.
    seal_house integer not null,
    seal_number integer not null,
    seal_line integer not null,
    constraint journal_entry_chain check ((card_number is null) <> (purse_id is null))
) strict;

-- Money that somebody keeps for us or has left with us, each with a chain of entries of its own.
create table purse (
    id integer primary key,
    shard integer not null,
    -- 1 till session, 2 cash box, 3 safe, 4 float.
    kind integer not null,
    unit text not null,
    -- The safe that it is filled from and emptied into.
    parent_id integer,
    opened_at integer not null,
    -- How far a float may go below zero.
    credit_limit_minor integer not null,
    -- What is in it: nothing before its first posting.
    holds_minor integer,
    holds_version integer,
    -- How many receipts it has numbered.
    receipts integer not null,
    state text not null,
    -- When it was closed, what was expected then, and what was counted.
    closed_at integer,
    expected_minor integer,
    counted_minor integer,
    chain_entry_id integer,
    chain_length integer not null,
    chain_hash blob,
    version integer not null,
    constraint purse_state check (
        (state = 'open' and closed_at is null)
        or (state = 'closed' and closed_at is not null and expected_minor is not null and counted_minor is not null)
    ),
    -- A safe may be below zero: when more was taken out than anyone wrote down putting in.
    constraint purse_floor check (
        (holds_minor is null) = (holds_version is null)
        and (kind = 3 or coalesce(holds_minor, 0) >= -credit_limit_minor)
    ),
    constraint purse_chain check (
        (chain_length = 0) = (chain_hash is null) and (chain_length = 0) = (chain_entry_id is null)
    )
) strict;

-- One row for each batch of journal entries: a hash over them and over the seal before it.
create table seal (
    house integer not null,
    number integer not null,
    hash blob not null,
    entry_count integer not null,
    recorded_at integer not null,
    primary key (house, number)
) strict, without rowid;

-- What happened to top-ups, in the order of the ids: the timeline that a holder reads, and what others are told.
create table event (
    id integer primary key,
    shard integer not null,
    top_up_id integer not null,
    -- What happened to the top-up before.
    previous_id integer,
    kind integer not null,
    payment_id integer,
    amount_minor integer,
    unit text,
    happened_at integer not null
) strict;

-- Work to be done later. A job that is done has no row.
create table job (
    id integer primary key,
    shard integer not null,
    kind integer not null,
    -- The number of a payment's, refund's or bonus's id.
    subject integer not null,
    run_at integer not null,
    -- Until when a worker has it.
    lease_until integer,
    attempts integer not null,
    last_error text,
    -- When it was handed to a person.
    given_up_at integer
) strict;
create index job_due on job (run_at) where given_up_at is null;
create index job_subject on job (subject);

-- Matters that a person must look at.
create table review_case (
    shard integer not null,
    id integer not null,
    kind integer not null,
    top_up_id integer not null,
    detail text not null,
    opened_at integer not null,
    -- By when the holder has been promised an answer.
    due_at integer not null,
    closed_at integer,
    primary key (shard, id)
) strict, without rowid;
create index review_case_top_up on review_case (shard, top_up_id);
create index review_case_open on review_case (due_at) where closed_at is null;

-- Notifications that were not as they should be, as they came.
create table notification (
    id integer primary key,
    provider integer not null,
    received_at integer not null,
    -- What was wrong with it: a stable word.
    code text not null,
    -- Our reference, when it could be read.
    reference text,
    body blob not null,
    constraint notification_body check (length(body) <= 16384)
) strict;

-- Wrong PINs, counted for a card, an address, or all together.
create table pin_guard (
    -- 'card', 'address' or 'all'.
    scope text not null,
    -- Keyed hash of the address, or the card's number; nothing of either can be read from it.
    scope_hash blob not null,
    failures integer not null,
    window_started_at integer not null,
    -- Until when no PIN is looked at.
    locked_until integer,
    primary key (scope, scope_hash),
    constraint pin_guard_scope check (scope = 'card' or scope = 'address' or scope = 'all')
) strict, without rowid;
