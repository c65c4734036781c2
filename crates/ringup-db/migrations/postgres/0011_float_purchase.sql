-- Float that agents buy through providers: each an order of its own. See docs/decisions/0031-float-purchases.md.
create table float_purchase (
    id bigint primary key,
    shard bigint not null,
    agent_id bigint not null,
    float_id bigint not null,
    -- What is asked.
    amount_minor bigint not null,
    unit text not null,
    provider bigint not null,
    -- How the payer gets there.
    method bigint not null,
    -- Hash of the key that it was placed with.
    key_hash bytea not null,
    created_at bigint not null,
    expires_at bigint not null,
    state text not null,
    -- From pending on: what brings the payer to the provider.
    hand_over text,
    -- When we knew that nobody would pay.
    abandoned_at bigint,
    -- The provider's number, what was really paid, and when the payer paid.
    transaction_id text,
    paid_minor bigint,
    paid_at bigint,
    -- When it was on the float. What was cut off before is booked by its job.
    booked_at bigint,
    version bigint not null,
    constraint float_purchase_key_unique unique (agent_id, key_hash),
    constraint float_purchase_amount check (amount_minor > 0 and coalesce(paid_minor, 1) > 0),
    constraint float_purchase_state check (
        (state = 'created' and transaction_id is null)
        or (state = 'pending' and transaction_id is null and hand_over is not null)
        or (state = 'abandoned' and transaction_id is null and abandoned_at is not null)
        or (state = 'paid' and transaction_id is not null)
    ),
    constraint float_purchase_paid check (
        (transaction_id is null) = (paid_minor is null)
        and (transaction_id is null) = (paid_at is null)
        and (booked_at is null or transaction_id is not null)
    )
);
create index float_purchase_agent on float_purchase (agent_id, id);
create index float_purchase_waiting on float_purchase (agent_id) where state in ('created', 'pending');
-- A provider's number is unique for ever, as in capture.
create unique index float_purchase_transaction_id_unique on float_purchase (provider, transaction_id);
