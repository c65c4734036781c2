-- Ratings: what holders of receipts say of the places that sold them, and who takes which for abuse.

create table rating (
    -- The sale: a receipt is rated once.
    top_up_id integer primary key,
    -- What pages name it by: who sees a rating learns nothing about its sale.
    id integer not null,
    place_id integer not null,
    stars integer not null,
    -- Plain text, one line, perhaps empty.
    comment text not null,
    rated_at integer not null,
    -- When stars or comment were changed last.
    changed_at integer,
    state text not null,
    -- When the office looked at it last.
    decided_at integer,
    -- What the place says to it, and who said so.
    answer text,
    answered_by integer,
    answered_at integer,
    constraint rating_id_unique unique (id),
    constraint rating_stars check (stars between 1 and 5),
    constraint rating_state check (state in ('shown', 'reported', 'hidden')),
    constraint rating_answer check (
        (answer is null) = (answered_by is null) and (answer is null) = (answered_at is null)
    )
) strict;
create index rating_place on rating (place_id, id);
create index rating_reported on rating (id) where state = 'reported';

-- Who reported what, kept for as long as an address may only report so much.
create table rating_report (
    -- Hash of the network address.
    address_hash blob not null,
    rating_id integer not null,
    reported_at integer not null,
    primary key (address_hash, rating_id)
) strict, without rowid;
create index rating_report_age on rating_report (reported_at);
