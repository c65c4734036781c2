-- The journal of one kiosk, on SQLite only: each bank note's life, written down step by step before the validator is told.

-- Whose journal it is. One row.
create table kiosk (
    one integer not null primary key check (one = 1),
    number integer not null,
    -- The next note's running number. It begins with the second in which the journal was made: a kiosk that has lost its
    -- journal does not use a number again, since no validator takes a note a second.
    next_note integer not null
) strict;

-- A holder's visit: a card, and the notes put in for it.
create table sale (
    -- The idempotency key it is credited under.
    key blob not null primary key check (length(key) = 16),
    card_number integer not null,
    language text not null,
    -- 1 open, 2 closed, 3 credited, 4 printed, 5 abandoned.
    state integer not null check (state between 1 and 5),
    begun_at integer not null,
    closed_at integer,
    credited_at integer,
    printed_at integer,
    abandoned_at integer,
    -- The server's own name for it.
    reference text,
    constraint sale_closed check (state <> 2 or closed_at is not null),
    constraint sale_credited check (state not in (3, 4) or (credited_at is not null and reference is not null)),
    constraint sale_printed check (state <> 4 or printed_at is not null),
    constraint sale_abandoned check (state <> 5 or abandoned_at is not null)
) strict;
create unique index sale_open on sale ((1)) where state = 1;
create index sale_waiting on sale (state) where state in (2, 3);

create table bank_note (
    kiosk integer not null,
    running integer not null,
    -- None when no sale was open.
    sale_key blob references sale (key),
    -- None when the validator did not say.
    value_minor integer,
    value_unit text,
    -- 1 seen, 2 escrowed, 3 told to stack, 4 stacked, 5 credited, 6 printed, 7 returned, 8 claimed.
    state integer not null check (state between 1 and 8),
    seen_at integer not null,
    escrowed_at integer,
    told_at integer,
    stacked_at integer,
    credited_at integer,
    printed_at integer,
    returned_at integer,
    claimed_at integer,
    claim_code blob,
    claim_reason integer,
    -- What the validator said of a claimed note afterwards.
    late_word integer,
    primary key (kiosk, running),
    constraint bank_note_value check ((value_minor is null) = (value_unit is null)),
    constraint bank_note_escrowed check (state <> 2 or escrowed_at is not null),
    constraint bank_note_told check (state <> 3 or told_at is not null),
    -- Only what the validator says is in the box, is worth something and belongs to a sale can be credited.
    constraint bank_note_stacked check (state not in (4, 5, 6) or (stacked_at is not null and value_minor is not null and sale_key is not null)),
    constraint bank_note_credited check (state not in (5, 6) or credited_at is not null),
    constraint bank_note_printed check (state <> 6 or printed_at is not null),
    constraint bank_note_returned check (state <> 7 or returned_at is not null),
    constraint bank_note_claimed check ((state = 8) = (claim_code is not null and claim_reason is not null and claimed_at is not null)),
    constraint bank_note_late check (late_word is null or state = 8)
) strict;
-- A validator handles one note at a time.
create unique index bank_note_unfinished on bank_note ((1)) where state in (1, 2, 3);
create index bank_note_sale on bank_note (sale_key);
create unique index bank_note_claim on bank_note (claim_code) where claim_code is not null;

-- How far the conversation with the validator had got. One row.
create table validator_mark (
    one integer not null primary key check (one = 1),
    -- 1 SSP: the sequence bit of the poll that is sent next. 2 ccTalk: the counter of the last event that was read.
    protocol integer not null,
    value integer not null,
    -- SSP: what was answered to that poll, when a restarted kiosk heard it again.
    answer blob
) strict;
