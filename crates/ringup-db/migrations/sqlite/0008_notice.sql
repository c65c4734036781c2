-- Receipts that holders have had sent to them.
create table notice (
    shard integer not null,
    id integer not null,
    top_up_id integer not null,
    -- Which one of its receipt: 1 to 3.
    number integer not null,
    -- Hash of the form's own key and the address: the same form sent twice sends one mail.
    key_hash blob not null,
    -- The address as pages show it.
    masked text not null,
    -- The mail and its address, sealed by a key outside the database; nothing once it has ended.
    sealed text,
    -- Hash of the network address it was asked for from; nothing from a till, and nothing after a day.
    from_hash blob,
    asked_at integer not null,
    state integer not null,
    ended_at integer,
    primary key (shard, id),
    constraint notice_number_unique unique (shard, top_up_id, number),
    constraint notice_number check (number between 1 and 3),
    constraint notice_ended check ((state = 1) = (sealed is not null) and (state = 1) = (ended_at is null))
) strict, without rowid;
create index notice_from on notice (from_hash, asked_at) where from_hash is not null;
