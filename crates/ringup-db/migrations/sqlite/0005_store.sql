-- Stores, their clerks and tills, and what is asked and decided there. What is in the drawers is in purse.

-- A place with a counter of ours.
create table store (
    place_id integer primary key,
    -- The purse that its drawers are filled from and emptied into.
    safe_id integer not null,
    unit text not null,
    -- The largest sale.
    sale_max_minor integer not null,
    -- From when on a buyer must show who he is: from this amount, from this sum of a card's sales in 30 days, and for a card's
    -- first sale at this store. Nothing where that is no reason.
    identity_from_minor integer,
    identity_month_minor integer,
    identity_first_sale integer not null,
    constraint store_identity_first_sale check (identity_first_sale in (0, 1))
) strict;

-- Who serves at a counter.
create table clerk (
    id integer primary key,
    place_id integer not null,
    -- What he types to say who he is, and what his badge bears.
    number text not null,
    name text not null,
    -- Keyed hash of his PIN; the key is outside the database.
    pin_hash blob not null,
    -- Keyed hash of what his badge says when it is scanned; nothing without a badge.
    badge_hash blob,
    role text not null,
    -- Wrong PINs since the last right one, and until when no PIN of his is looked at.
    failures integer not null,
    locked_until integer,
    left_at integer,
    constraint clerk_number_unique unique (place_id, number),
    constraint clerk_badge_unique unique (badge_hash),
    constraint clerk_role check (role in ('clerk', 'supervisor'))
) strict;

-- Tills and kiosks that may speak for a place: each has a key of its own, and signs what it asks.
create table device (
    id integer primary key,
    kind text not null,
    place_id integer not null,
    name text not null,
    -- SHA-256 of the code that enrols it, once; nothing after that.
    code_hash blob,
    code_until integer not null,
    -- How its signatures are made, and its public key.
    algorithm text,
    public_key blob,
    enrolled_at integer,
    revoked_at integer,
    seen_at integer,
    -- A receipt printer that the server reaches: its address, how wide its paper is, and what it writes itself.
    printer_address text,
    printer_width_mm integer,
    printer_charset text,
    constraint device_kind check (kind in ('till', 'kiosk')),
    constraint device_code_unique unique (code_hash),
    constraint device_printer check (
        (printer_address is null and printer_width_mm is null and printer_charset is null)
        or (printer_address is not null and printer_width_mm in (58, 80) and printer_charset in ('raster', 'gb18030'))
    ),
    constraint device_key check ((public_key is null) = (algorithm is null) and (public_key is null) = (enrolled_at is null))
) strict;

-- Clerks who are signed in, each on one till.
create table clerk_session (
    -- SHA-256 of the token that the till's browser has.
    token_hash blob primary key,
    clerk_id integer not null,
    device_id integer not null,
    opened_at integer not null,
    -- When it was used last: after five minutes it is locked.
    used_at integer not null
) strict, without rowid;

-- Whose drawer a purse is.
create table till_session (
    purse_id integer primary key,
    place_id integer not null,
    device_id integer not null,
    clerk_id integer not null,
    opened_at integer not null
) strict;
create index till_session_clerk on till_session (clerk_id, purse_id);

-- Sales that somebody wants undone: another person decides.
create table void_request (
    id integer primary key,
    top_up_id integer not null,
    place_id integer not null,
    reason text not null,
    asked_by integer not null,
    asked_at integer not null,
    state text not null,
    decided_by integer,
    decided_at integer,
    -- The refund that came of it.
    refund_id integer,
    constraint void_request_state check (
        (state = 'asked' and decided_by is null)
        or (state = 'refused' and decided_by is not null)
        or (state = 'approved' and decided_by is not null and refund_id is not null)
    ),
    constraint void_request_two_people check (decided_by is null or decided_by <> asked_by)
) strict;
create index void_request_open on void_request (place_id, id) where state = 'asked';
create unique index void_request_top_up on void_request (top_up_id) where state <> 'refused';

-- That a buyer showed who he was: no more than what proves that he did.
create table identity_check (
    id integer primary key,
    card_number integer not null,
    place_id integer not null,
    document text not null,
    last_four text not null,
    -- Keyed hash of the whole number; the key is outside the database.
    number_hash blob not null,
    checked_by integer not null,
    checked_at integer not null
) strict;
create index identity_check_card on identity_check (card_number, checked_at);

-- Cash on its way from a safe to the bank.
create table cash_transit (
    id integer primary key,
    place_id integer not null,
    bag text not null,
    amount_minor integer not null,
    unit text not null,
    sent_by integer not null,
    sent_at integer not null,
    -- What the bank found, and when the office wrote it down.
    banked_minor integer,
    banked_at integer,
    constraint cash_transit_bag_unique unique (place_id, bag),
    constraint cash_transit_banked check ((banked_minor is null) = (banked_at is null))
) strict;
create index cash_transit_open on cash_transit (sent_at) where banked_at is null;

-- Sales whose slip has been given out: the next one says that it is a reprint.
create table slip (
    top_up_id integer primary key,
    first_at integer not null
) strict;
