create table notice (
    shard smallint not null,
    id bigint not null,
    top_up_id bigint not null,
    number bigint not null,
    key_hash bytea not null,
    masked text not null,
    sealed text,
    from_hash bytea,
    asked_at bigint not null,
    state bigint not null,
    ended_at bigint,
    primary key (shard, id),
    constraint notice_number_unique unique (shard, top_up_id, number),
    constraint notice_number check (number between 1 and 3),
    constraint notice_ended check ((state = 1) = (sealed is not null) and (state = 1) = (ended_at is null))
);
create index notice_from on notice (from_hash, asked_at) where from_hash is not null;
comment on table notice is 'Receipts that holders have had sent to them.';
comment on column notice.number is 'Which one of its receipt: 1 to 3.';
comment on column notice.key_hash is 'Hash of the form''s own key and the address: the same form sent twice sends one mail.';
comment on column notice.masked is 'The address as pages show it.';
comment on column notice.sealed is 'The mail and its address, sealed by a key outside the database; nothing once it has ended.';
comment on column notice.from_hash is 'Hash of the network address it was asked for from; nothing from a till, and nothing after a day.';
