-- Ringup's tables on PostgreSQL. The same tables, numbered alike, stand in ../sqlite, where the common rules are written.
--
-- Rows that change are given room to change in their page (fillfactor), so that no index is written again; every top-up
-- changes at least once.

create table product (
    id bigint primary key,
    code text not null,
    name_en text not null,
    name_zh_hans text not null,
    unit text not null,
    number_prefix text not null,
    number_digits bigint not null,
    pin_digits bigint not null,
    validity_us bigint not null,
    added_per_top_up_us bigint not null,
    grace_us bigint not null,
    offered text not null,
    other_min_minor bigint,
    other_max_minor bigint,
    balance_min_minor bigint not null,
    balance_max_minor bigint not null,
    constraint product_code_unique unique (code),
    constraint product_other_amounts check ((other_min_minor is null) = (other_max_minor is null)),
    constraint product_balance check (balance_min_minor >= 0 and balance_max_minor >= balance_min_minor)
);
comment on table product is 'What kinds of card the issuer sells.';
comment on column product.offered is 'The amounts on the tiles: a JSON list of minor units.';
comment on column product.other_min_minor is 'Other amounts that are sold, from and to; both or none.';

create table promotion (
    id bigint primary key,
    product_id bigint not null references product (id),
    name_en text not null,
    name_zh_hans text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    spend_minor bigint not null,
    spend_unit text not null,
    gift text not null,
    gift_minor bigint not null,
    gift_unit text not null,
    lasts_us bigint,
    constraint promotion_gift check ((gift = 'discount' and lasts_us is null) or (gift = 'bonus' and lasts_us is not null))
);
comment on table promotion is 'What the issuer gives on top, by a stated rule.';
comment on column promotion.lasts_us is 'How long a bonus can be spent; nothing for a discount.';
create index promotion_product on promotion (product_id, ends_at);

create table batch (
    id bigint primary key,
    product_id bigint not null references product (id),
    kind text not null,
    card_count bigint not null,
    state text not null,
    created_at bigint not null,
    constraint batch_kind check (kind in ('issued', 'imported')),
    constraint batch_state check (state in ('generated', 'in_stock', 'active', 'suspended', 'closed'))
);
comment on table batch is 'Cards that were made or imported together.';
comment on column batch.kind is '''issued'' here, or ''imported'' from another system.';

create table card (
    number bigint primary key,
    shard smallint not null,
    product_id bigint not null,
    batch_id bigint not null,
    pin_hash bytea not null,
    state text not null,
    expires_at bigint,
    main_minor bigint,
    main_unit text,
    main_version bigint,
    last_credit_top_up_id bigint,
    last_credit_minor bigint,
    last_credit_unit text,
    last_credit_at bigint,
    chain_entry_id bigint,
    chain_length bigint not null,
    chain_hash bytea,
    -- Zeros, as many as the row will grow by: see docs/decisions/0016-room-in-rows.md.
    room bytea,
    version bigint not null,
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
) with (fillfactor = 80);
comment on table card is 'Cards, and the heads of their chains of journal entries.';
comment on column card.pin_hash is 'Keyed hash of the PIN; the key is outside the database.';
comment on column card.expires_at is 'Until when it can be used; nothing while it has not been sold.';
comment on column card.last_credit_top_up_id is 'The last top-up put on it: to ask before the same is done again.';
comment on column card.main_minor is 'The account card.main, with its unit and version: nothing before its first posting.';
comment on column card.chain_entry_id is 'The head of its chain: the last entry, how many there are, and the hash of the last; nothing while the chain is empty.';

create table account (
    shard smallint not null,
    owner bigint not null,
    code bigint not null,
    unit text not null,
    balance_minor bigint not null,
    version bigint not null,
    primary key (shard, owner, code, unit),
    -- 10 card.main, 11 card.bonus, 20 liability.unallocated and what purses hold (12, 32, 33, 34) stand in the rows of their owners.
    constraint account_code check (
        code <> 10 and code <> 11 and code <> 12 and code <> 20 and code <> 32 and code <> 33 and code <> 34
    ),
    -- 21 liability.refund is never below zero.
    constraint account_floor check (balance_minor >= 0 or code <> 21)
) with (fillfactor = 80);
comment on table account is 'What each account holds that has a row of its own: what payments are owed back, and the issuer''s own accounts of each day, which stand in the shard of the server that keeps them. The owner stands before the code, because everything that one payment or day owns is read together.';
comment on column account.owner is 'A payment''s id, or a day since 1970 in China, as the code says.';
comment on column account.balance_minor is 'Signed, counted on the account''s own side.';
comment on column account.version is 'How many postings it has had.';

create table top_up (
    id bigint primary key,
    shard smallint not null,
    code bytea not null,
    channel bigint not null,
    language text not null,
    card_number bigint not null,
    product_id bigint not null,
    gets_minor bigint not null,
    pay_minor bigint not null,
    unit text not null,
    bonus_minor bigint,
    bonus_unit text,
    bonus_lasts_us bigint,
    adjustments text,
    card_valid_until bigint not null,
    quoted_at bigint not null,
    placed_at bigint not null,
    sold_by bigint,
    credit_at bigint,
    state text not null,
    state_at bigint,
    receipt_id bigint,
    refund_reason bigint,
    paid_by bigint,
    grant_id bigint,
    refunded_minor bigint not null,
    main_undone_minor bigint not null,
    bonus_undone_minor bigint not null,
    newest_event_id bigint,
    newest_payment_id bigint,
    newest_capture_id bigint,
    newest_refund_id bigint,
    receipt_number bigint,
    -- Zeros, as many as the row will grow by: see docs/decisions/0016-room-in-rows.md.
    room bytea,
    version bigint not null,
    constraint top_up_code_unique unique (code),
    constraint top_up_state check (
        state = 'placed' or state = 'deferred' or state = 'abandoned' or state = 'credited' or state = 'refunding'
        or state = 'refunded'
    ),
    constraint top_up_amounts check (pay_minor > 0 and refunded_minor between 0 and pay_minor)
) with (fillfactor = 50);
comment on table top_up is 'Orders to put an amount on a card, with what was promised.';
comment on column top_up.adjustments is 'Which promotions make the difference: a JSON list; nothing when there are none.';
comment on column top_up.state_at is 'When it came into its state; nothing while it is placed.';
comment on column top_up.newest_event_id is 'The newest of its events, payments, captures and refunds; each names the one before it.';
comment on column top_up.sold_by is 'The drawer, cash box or float that sold it.';
comment on column top_up.credit_at is 'When its card gets the value where that is not at once.';
comment on column top_up.receipt_number is 'The number of its receipt among those of the same store, kiosk or agent.';
comment on column top_up.paid_by is 'The payment it was credited from, and the bonus it gave.';
create index top_up_card on top_up (card_number, id);
create index top_up_sold_by on top_up (sold_by, id) where sold_by is not null;

create table payment (
    id bigint primary key,
    shard smallint not null,
    top_up_id bigint not null,
    previous_id bigint,
    provider bigint,
    method bigint,
    purse_kind bigint,
    purse_id bigint,
    amount_minor bigint not null,
    unit text not null,
    created_at bigint not null,
    expires_at bigint not null,
    state text not null,
    hand_over text,
    state_at bigint,
    version bigint not null,
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
) with (fillfactor = 80);
comment on column payment.purse_id is 'The purse it went into or came off, where no provider takes it.';
comment on table payment is 'Attempts to pay for a top-up. What came of one is in capture: this row is not written again when it is paid.';
comment on column payment.previous_id is 'The payment that was begun for the top-up before this one.';
comment on column payment.state is 'What it was before it was captured, if it was.';
comment on column payment.hand_over is 'From pending on: what brings the payer to the provider.';
comment on column payment.state_at is 'When we knew that nobody would pay.';

create table capture (
    id bigint primary key,
    shard smallint not null,
    payment_id bigint not null,
    top_up_id bigint not null,
    previous_id bigint,
    provider bigint,
    transaction_id text,
    captured_at bigint not null,
    amount_minor bigint not null,
    unit text not null,
    unallocated_minor bigint,
    unallocated_version bigint,
    version bigint not null,
    constraint capture_unallocated check (
        (unallocated_minor is null) = (unallocated_version is null) and coalesce(unallocated_minor, 0) >= 0
    ),
    constraint capture_transaction check ((provider is null) = (transaction_id is null))
) with (fillfactor = 80);
comment on table capture is 'What providers took: one row for each payment that was captured. See docs/decisions/0017-captures-apart.md.';
comment on column capture.previous_id is 'The capture that was booked for the top-up before this one.';
comment on column capture.captured_at is 'When the payer paid.';
comment on column capture.amount_minor is 'What was really paid, in the payment''s unit.';
comment on column capture.unallocated_minor is 'The account liability.unallocated of the payment: nothing before its first posting.';
-- A provider's number is unique for ever and over all shards: the shard is left out on purpose. A database that is
-- divided by shard needs a table of its own for it.
create unique index capture_transaction_id_unique on capture (provider, transaction_id);

create table refund (
    id bigint primary key,
    shard smallint not null,
    payment_id bigint not null,
    top_up_id bigint not null,
    previous_id bigint,
    amount_minor bigint not null,
    unit text not null,
    reason bigint not null,
    requested_at bigint not null,
    state text not null,
    state_at bigint,
    failure text,
    version bigint not null,
    constraint refund_state check (
        (state = 'requested' and state_at is null)
        or (state = 'succeeded' and state_at is not null)
        or (state = 'failed' and state_at is not null and failure is not null)
    ),
    constraint refund_amount check (amount_minor > 0)
) with (fillfactor = 80);
comment on table refund is 'Money on its way back to payers.';
comment on column refund.previous_id is 'The refund that was booked for the top-up before this one.';
comment on column refund.state_at is 'When it succeeded or failed.';
comment on column refund.failure is 'The provider''s reason for a failure, in its own words.';

create table bonus_grant (
    id bigint primary key,
    shard smallint not null,
    card_number bigint not null,
    amount_minor bigint not null,
    unit text not null,
    expires_at bigint not null,
    left_minor bigint,
    left_version bigint,
    lapsed_at bigint,
    version bigint not null,
    constraint bonus_grant_left check (
        (left_minor is null) = (left_version is null) and coalesce(left_minor, 0) >= 0
    )
) with (fillfactor = 80);
comment on table bonus_grant is 'Promotional value on cards, each with its own expiry.';
comment on column bonus_grant.left_minor is 'The account card.bonus, in the bonus''s unit: nothing before its first posting.';
comment on column bonus_grant.lapsed_at is 'When it ended by lapsing.';
create index bonus_grant_open on bonus_grant (card_number) where lapsed_at is null;

create table idempotency_key (
    shard smallint not null,
    key_hash bytea not null,
    fingerprint bytea not null,
    result bigint not null,
    used_at bigint not null,
    primary key (shard, key_hash)
);
comment on table idempotency_key is 'Callers'' keys that were used: kept 400 days. The shard is that of the key''s hash.';
comment on column idempotency_key.fingerprint is 'The hash of what was asked with it.';
comment on column idempotency_key.result is 'The number of the id that was made.';

create table journal_entry (
    id bigint primary key,
    shard smallint not null,
    card_number bigint,
    purse_id bigint,
    position bigint not null,
    previous_id bigint,
    kind smallint not null,
    cause_kind smallint not null,
    cause_number bigint not null,
    effective_at bigint not null,
    recorded_at bigint not null,
    postings bytea not null,
    hash bytea not null,
    seal_house smallint not null,
    seal_number bigint not null,
    seal_line integer not null,
    constraint journal_entry_chain check ((card_number is null) <> (purse_id is null))
);
comment on table journal_entry is 'The journal: append only. Written and never changed.';
comment on column journal_entry.previous_id is 'The entry before it in the chain.';
comment on column journal_entry.position is 'Its place in the chain, from 1.';
comment on column journal_entry.cause_kind is '1 payment, 2 refund, 3 bonus, 4 use of the card, 5 import, 6 purse; and its number.';
comment on column journal_entry.postings is 'The lines, packed: see docs/decisions/0005-row-layout.md, and ringup_db::journal for reading them.';
comment on column journal_entry.hash is 'SHA-256 over the entry and the hash of the chain''s entry before it.';
comment on column journal_entry.seal_house is 'The seal that covers it, and its place under that seal, from 0.';

create table purse (
    id bigint primary key,
    shard smallint not null,
    kind bigint not null,
    unit text not null,
    parent_id bigint,
    opened_at bigint not null,
    credit_limit_minor bigint not null,
    holds_minor bigint,
    holds_version bigint,
    receipts bigint not null,
    state text not null,
    closed_at bigint,
    expected_minor bigint,
    counted_minor bigint,
    chain_entry_id bigint,
    chain_length bigint not null,
    chain_hash bytea,
    version bigint not null,
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
) with (fillfactor = 50);
comment on table purse is 'Money that somebody keeps for us or has left with us, each with a chain of entries of its own.';
comment on column purse.kind is '1 till session, 2 cash box, 3 safe, 4 float.';
comment on column purse.parent_id is 'The safe that it is filled from and emptied into.';
comment on column purse.credit_limit_minor is 'How far a float may go below zero.';
comment on column purse.receipts is 'How many receipts it has numbered.';

create table seal (
    house bigint not null,
    number bigint not null,
    hash bytea not null,
    entry_count bigint not null,
    recorded_at bigint not null,
    primary key (house, number)
);
comment on table seal is 'One row for each batch of journal entries: a hash over them and over the seal before it.';

create table event (
    id bigint primary key,
    shard smallint not null,
    top_up_id bigint not null,
    previous_id bigint,
    kind smallint not null,
    payment_id bigint,
    amount_minor bigint,
    unit text,
    happened_at bigint not null
);
comment on table event is 'What happened to top-ups, in the order of the ids: the timeline that a holder reads, and what others are told.';
comment on column event.previous_id is 'What happened to the top-up before.';

create table job (
    id bigint primary key,
    shard smallint not null,
    kind bigint not null,
    subject bigint not null,
    run_at bigint not null,
    lease_until bigint,
    attempts bigint not null,
    last_error text,
    given_up_at bigint
) with (fillfactor = 80);
comment on table job is 'Work to be done later. A job that is done has no row.';
comment on column job.subject is 'The number of a payment''s, refund''s or bonus''s id.';
comment on column job.lease_until is 'Until when a worker has it.';
comment on column job.given_up_at is 'When it was handed to a person.';
create index job_due on job (run_at) where given_up_at is null;
create index job_subject on job (subject);

create table review_case (
    shard smallint not null,
    id bigint not null,
    kind bigint not null,
    top_up_id bigint not null,
    detail text not null,
    opened_at bigint not null,
    due_at bigint not null,
    closed_at bigint,
    primary key (shard, id)
);
comment on table review_case is 'Matters that a person must look at.';
comment on column review_case.due_at is 'By when the holder has been promised an answer.';
create index review_case_top_up on review_case (shard, top_up_id);
create index review_case_open on review_case (due_at) where closed_at is null;

create table notification (
    id bigint primary key,
    provider bigint not null,
    received_at bigint not null,
    code text not null,
    reference text,
    body bytea not null,
    constraint notification_body check (length(body) <= 16384)
);
comment on table notification is 'Notifications that were not as they should be, as they came.';
comment on column notification.code is 'What was wrong with it: a stable word.';
comment on column notification.reference is 'Our reference, when it could be read.';

create table pin_guard (
    scope text not null,
    scope_hash bytea not null,
    failures bigint not null,
    window_started_at bigint not null,
    locked_until bigint,
    primary key (scope, scope_hash),
    constraint pin_guard_scope check (scope = 'card' or scope = 'address' or scope = 'all')
);
comment on table pin_guard is 'Wrong PINs, counted for a card, an address, or all together.';
comment on column pin_guard.scope is '''card'', ''address'' or ''all''.';
comment on column pin_guard.scope_hash is 'Keyed hash of the address, or the card''s number; nothing of either can be read from it.';
comment on column pin_guard.locked_until is 'Until when no PIN is looked at.';
