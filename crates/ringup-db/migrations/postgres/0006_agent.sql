-- Agents: who sells top-ups from float under a licence, what the office decided about them, and how they get in.

-- An agent's people sign in on any browser, so a session is not always on a till. Whoever is signed in signs in again.
drop table clerk_session;
create table clerk_session (
    -- SHA-256 of the token that the browser has.
    token_hash bytea primary key,
    clerk_id bigint not null,
    -- The till it is on; nothing for an agent's people.
    device_id bigint,
    opened_at bigint not null,
    -- When it was used last: after a while without a touch it is locked.
    used_at bigint not null
);

-- A company that sells top-ups, or wants to.
create table agent (
    id bigint primary key,
    -- What the office has decided; whether the licence still holds is a matter of the clock.
    state text not null,
    state_at bigint not null,
    company text not null,
    registration text not null,
    -- Name, e-mail and phone of the person who applied, sealed; the key is outside the database.
    contact text not null,
    licence_number text not null,
    licence_issuer text not null,
    -- The last day of the licence, counted from 1970, and the moment at which that day ends on the agent's own clock.
    licence_last_day bigint not null,
    licence_ends_at bigint not null,
    time_zone text not null,
    applied_at bigint not null,
    -- Where he sells, the purse that is his float, and below what it is low: from the approval on.
    place_id bigint,
    float_id bigint,
    unit text,
    alert_below_minor bigint,
    approved_at bigint,
    constraint agent_place_unique unique (place_id),
    constraint agent_float_unique unique (float_id),
    constraint agent_state check (
        (state = 'applied' and approved_at is null and place_id is null and float_id is null and unit is null)
        or (
            state in ('approved', 'suspended')
            and approved_at is not null
            and place_id is not null
            and float_id is not null
            and unit is not null
        )
    )
);
create index agent_applied on agent (applied_at) where state = 'applied';

-- What came with an application: pictures and PDFs, sealed.
create table agent_document (
    id bigint primary key,
    agent_id bigint not null,
    name text not null,
    media_type text not null,
    content bytea not null,
    added_at bigint not null
);
create index agent_document_agent on agent_document (agent_id, id);

-- What an agent's own program shows to sell.
create table agent_key (
    id bigint primary key,
    agent_id bigint not null,
    name text not null,
    -- Keyed hash of the key; the hash's key is outside the database.
    key_hash bytea not null,
    -- From which network addresses it may be used: each an address, or the beginning of one such as 192.0.2.0/24.
    addresses text not null,
    made_at bigint not null,
    revoked_at bigint,
    constraint agent_key_hash_unique unique (key_hash)
);
create index agent_key_agent on agent_key (agent_id, id);

-- Bank transfers with which agents bought float, each confirmed once, for ever.
create table float_transfer (
    -- The bank's reference.
    reference text primary key,
    agent_id bigint not null,
    float_id bigint not null,
    amount_minor bigint not null,
    unit text not null,
    confirmed_at bigint not null,
    -- When it was on the float. What was cut off before is booked when the office says it again.
    booked_at bigint
);
create index float_transfer_agent on float_transfer (agent_id, confirmed_at);

-- What agents earn by which product, from which month on.
create table commission_tier (
    agent_id bigint not null,
    product_id bigint not null,
    -- Such as 202611: until there is another scheme of the product.
    from_month bigint not null,
    -- Whether the tiers look at each sale, or at the whole month.
    counted bigint not null,
    -- From so many minor units on, so many hundredths of a per cent.
    from_minor bigint not null,
    rate_bp bigint not null,
    primary key (agent_id, product_id, from_month, from_minor)
);

-- What was booked as commission for a month: first what was earned, then what changed by reversals.
create table commission_booking (
    agent_id bigint not null,
    month bigint not null,
    -- 1, 2, 3 … for each month.
    number bigint not null,
    float_id bigint not null,
    -- Below zero for what was taken back.
    earned_minor bigint not null,
    unit text not null,
    -- The month on the agent's own clock.
    sales_from bigint not null,
    sales_until bigint not null,
    made_at bigint not null,
    -- When it was in the journal. What was cut off before is booked by the next run.
    booked_at bigint,
    primary key (agent_id, month, number)
);

-- What agents were paid of their commission.
create table commission_payout (
    agent_id bigint not null,
    -- 1, 2, 3 … for each agent.
    number bigint not null,
    float_id bigint not null,
    amount_minor bigint not null,
    unit text not null,
    paid_to text not null,
    made_at bigint not null,
    booked_at bigint,
    primary key (agent_id, number),
    constraint commission_payout_paid_to check (paid_to in ('bank', 'float'))
);
