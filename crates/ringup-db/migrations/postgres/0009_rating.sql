-- Ratings: what holders of receipts say of the places that sold them, and who takes which for abuse.

create table rating (
    -- The sale: a receipt is rated once.
    top_up_id bigint primary key,
    -- What pages name it by: who sees a rating learns nothing about its sale.
    id bigint not null,
    place_id bigint not null,
    stars bigint not null,
    -- Plain text, one line, perhaps empty.
    comment text not null,
    rated_at bigint not null,
    -- When stars or comment were changed last.
    changed_at bigint,
    state text not null,
    -- When the office looked at it last.
    decided_at bigint,
    -- What the place says to it, and who said so.
    answer text,
    answered_by bigint,
    answered_at bigint,
    constraint rating_id_unique unique (id),
    constraint rating_stars check (stars between 1 and 5),
    constraint rating_state check (state in ('shown', 'reported', 'hidden')),
    constraint rating_answer check (
        (answer is null) = (answered_by is null) and (answer is null) = (answered_at is null)
    )
);
create index rating_place on rating (place_id, id);
create index rating_reported on rating (id) where state = 'reported';

-- Who reported what, kept for as long as an address may only report so much.
create table rating_report (
    -- Hash of the network address.
    address_hash bytea not null,
    rating_id bigint not null,
    reported_at bigint not null,
    primary key (address_hash, rating_id)
);
create index rating_report_age on rating_report (reported_at);
