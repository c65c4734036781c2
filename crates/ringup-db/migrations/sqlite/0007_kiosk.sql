-- Kiosks: what each may take, which notes it took, what it claims, who empties it, and how it is. What is in its boxes is in purse.

-- A place with a machine of ours.
create table kiosk (
    place_id integer primary key,
    -- What the numbers of its notes begin with, for ever.
    number integer not null,
    -- The purse that its boxes are emptied into. It numbers the kiosk's receipts.
    safe_id integer not null,
    unit text not null,
    hot_line text not null,
    -- The values of the notes that it takes, in minor units, the smallest first, with commas.
    note_values text not null,
    -- The most that is put in for one sale; and while the line is down, nothing when no notes are taken then.
    visit_max_minor integer not null,
    offline_max_minor integer,
    -- How many notes a box holds, and from how many on somebody should come.
    box_capacity integer not null,
    box_nearly_full integer not null,
    constraint kiosk_number_unique unique (number),
    constraint kiosk_box check (box_nearly_full between 1 and box_capacity)
) strict;

-- The boxes that a kiosk has had: each is a purse, and one is in use.
create table cash_box (
    purse_id integer primary key,
    place_id integer not null,
    opened_at integer not null,
    -- When it was taken out, and by which two people.
    taken_at integer,
    taken_by integer,
    taken_with integer,
    constraint cash_box_taken check (
        (taken_at is null and taken_by is null and taken_with is null)
        or (taken_at is not null and taken_by is not null and taken_with is not null and taken_by <> taken_with)
    )
) strict;
create unique index cash_box_in_use on cash_box (place_id) where taken_at is null;

-- What a kiosk wants to have credited, written down before it is booked.
create table kiosk_sale (
    -- The idempotency key it is booked under.
    key_hash blob primary key,
    place_id integer not null,
    -- The box that the notes are in.
    purse_id integer not null,
    card_number integer not null,
    paid_minor integer not null,
    unit text not null,
    -- By the kiosk's clock: when it began, and since when the line was down then.
    begun_at integer,
    offline_since integer,
    told_at integer not null,
    -- What came of it; nothing until that is known here as well.
    top_up_id integer
) strict, without rowid;
create index kiosk_sale_box on kiosk_sale (purse_id);

-- The notes of a sale. Each is there once, for ever.
create table kiosk_note (
    kiosk integer not null,
    running integer not null,
    key_hash blob not null,
    value_minor integer not null,
    primary key (kiosk, running)
) strict, without rowid;
create index kiosk_note_sale on kiosk_note (key_hash);

-- Money that somebody has a slip for: a note whose place nobody knows, or a sale that could not be credited.
create table kiosk_claim (
    -- What the slip says.
    code blob primary key,
    place_id integer not null,
    -- The note; nothing where it is a whole sale.
    kiosk integer not null,
    running integer,
    -- Nothing when the validator did not say.
    value_minor integer,
    unit text not null,
    reason integer not null,
    -- What the validator said afterwards.
    late_word integer,
    card_number integer,
    -- The box that was in the kiosk.
    purse_id integer not null,
    -- By the kiosk's clock, and by the server's.
    claimed_at integer not null,
    told_at integer not null,
    -- The top-up that the money is booked as.
    top_up_id integer,
    -- What a person made of it: once.
    settled_at integer,
    settled_as text,
    settled_by text,
    constraint kiosk_claim_note unique (kiosk, running),
    constraint kiosk_claim_settled check (
        (settled_at is null and settled_as is null and settled_by is null)
        or (settled_at is not null and settled_as in ('card', 'refund', 'nothing') and settled_by is not null)
    )
) strict, without rowid;
create index kiosk_claim_open on kiosk_claim (told_at) where settled_at is null;

-- Who may take a box out: two different people, each by a code.
create table collection_code (
    -- SHA-256 of the code.
    code_hash blob primary key,
    place_id integer not null,
    clerk_id integer not null,
    valid_until integer not null,
    -- The box that was taken out with it.
    purse_id integer
) strict, without rowid;

-- What a kiosk said of itself last.
create table kiosk_health (
    place_id integer primary key,
    heard_at integer not null,
    -- Since when it says that it does not work; nothing when it does.
    trouble_since integer,
    paper text not null,
    validator text not null,
    door text not null,
    link text not null,
    -- How far its clock is ahead of the server's.
    clock_off_ms integer not null,
    version text not null,
    waiting_sales integer not null,
    waiting_claims integer not null
) strict;
