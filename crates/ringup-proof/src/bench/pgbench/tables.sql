-- The tables of a top-up as most people would write them. `:cards` is replaced by how many cards there are.
create table card (
    id bigint primary key,
    balance bigint not null
);
create table top_up (
    id bigint generated always as identity primary key,
    idempotency_key uuid not null unique,
    card_id bigint not null references card (id),
    amount bigint not null,
    created_at timestamptz not null default now()
);
create table posting (
    id bigint generated always as identity primary key,
    top_up_id bigint not null references top_up (id),
    account text not null,
    amount bigint not null
);
create table clearing (
    provider text primary key,
    balance bigint not null
);
insert into card select number, 1000 from generate_series(1, :cards) as number;
insert into clearing values ('alipay', 0);
