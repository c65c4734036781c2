-- Stores, their clerks and tills, and what is asked and decided there. What is in the drawers is in purse.

-- A place with a counter of ours.
create table store (
    place_id bigint primary key,
    -- The purse that its drawers are filled from and emptied into.
    safe_id bigint not null,
    unit text not null,
    -- The largest sale.
    sale_max_minor bigint not null,
    -- From when on a buyer must show who he is: from this amount, from this sum of a card's sales in 30 days, and for a card's
    -- first sale at this store. Nothing where that is no reason.
    identity_from_minor bigint,
    identity_month_minor bigint,
    identity_first_sale bigint not null,
    constraint store_identity_first_sale check (identity_first_sale in (0, 1))
);

-- Who serves at a counter.
create table clerk (
    id bigint primary key,
    place_id bigint not null,
    -- What he types to say who he is, and what his badge bears.
    number text not null,
    name text not null,
    -- Keyed hash of his PIN; the key is outside the database.
    pin_hash bytea not null,
    -- Keyed hash of what his badge says when it is scanned; nothing without a badge.
    badge_hash bytea,
    role text not null,
    -- Wrong PINs since the last right one, and until when no PIN of his is looked at.
    failures bigint not null,
    locked_until bigint,
    left_at bigint,
    constraint clerk_number_unique unique (place_id, number),
    constraint clerk_badge_unique unique (badge_hash),
    constraint clerk_role check (role in ('clerk', 'supervisor'))
);

-- Tills and kiosks that may speak for a place: each has a key of its own, and signs what it asks.
create table device (
    id bigint primary key,
    kind text not null,
    place_id bigint not null,
    name text not null,
    -- SHA-256 of the code that enrols it, once; nothing after that.
    code_hash bytea,
    code_until bigint not null,
    -- How its signatures are made, and its public key.
    algorithm text,
    public_key bytea,
    enrolled_at bigint,
    revoked_at bigint,
    seen_at bigint,
    -- A receipt printer that the server reaches: its address, how wide its paper is, and what it writes itself.
    printer_address text,
    printer_width_mm bigint,
    printer_charset text,
    constraint device_kind check (kind in ('till', 'kiosk')),
    constraint device_code_unique unique (code_hash),
    constraint device_printer check (
        (printer_address is null and printer_width_mm is null and printer_charset is null)
        or (printer_address is not null and printer_width_mm in (58, 80) and printer_charset in ('raster', 'gb18030'))
    ),
    constraint device_key check ((public_key is null) = (algorithm is null) and (public_key is null) = (enrolled_at is null))
);

-- Clerks who are signed in, each on one till.
create table clerk_session (
    -- SHA-256 of the token that the till's browser has.
    token_hash bytea primary key,
    clerk_id bigint not null,
    device_id bigint not null,
    opened_at bigint not null,
    -- When it was used last: after five minutes it is locked.
    used_at bigint not null
);

-- Whose drawer a purse is.
create table till_session (
    purse_id bigint primary key,
    place_id bigint not null,
    device_id bigint not null,
    clerk_id bigint not null,
    opened_at bigint not null
);
create index till_session_clerk on till_session (clerk_id, purse_id);

-- Sales that somebody wants undone: another person decides.
create table void_request (
    id bigint primary key,
    top_up_id bigint not null,
    place_id bigint not null,
    reason text not null,
    asked_by bigint not null,
    asked_at bigint not null,
    state text not null,
    decided_by bigint,
    decided_at bigint,
    -- The refund that came of it.
    refund_id bigint,
    constraint void_request_state check (
        (state = 'asked' and decided_by is null)
        or (state = 'refused' and decided_by is not null)
        or (state = 'approved' and decided_by is not null and refund_id is not null)
    ),
    constraint void_request_two_people check (decided_by is null or decided_by <> asked_by)
);
create index void_request_open on void_request (place_id, id) where state = 'asked';
create unique index void_request_top_up on void_request (top_up_id) where state <> 'refused';

-- That a buyer showed who he was: no more than what proves that he did.
create table identity_check (
    id bigint primary key,
    card_number bigint not null,
    place_id bigint not null,
    document text not null,
    last_four text not null,
    -- Keyed hash of the whole number; the key is outside the database.
    number_hash bytea not null,
    checked_by bigint not null,
    checked_at bigint not null
);
create index identity_check_card on identity_check (card_number, checked_at);

-- Cash on its way from a safe to the bank.
create table cash_transit (
    id bigint primary key,
    place_id bigint not null,
    bag text not null,
    amount_minor bigint not null,
    unit text not null,
    sent_by bigint not null,
    sent_at bigint not null,
    -- What the bank found, and when the office wrote it down.
    banked_minor bigint,
    banked_at bigint,
    constraint cash_transit_bag_unique unique (place_id, bag),
    constraint cash_transit_banked check ((banked_minor is null) = (banked_at is null))
);
create index cash_transit_open on cash_transit (sent_at) where banked_at is null;

-- Sales whose slip has been given out: the next one says that it is a reprint.
create table slip (
    top_up_id bigint primary key,
    first_at bigint not null
);
