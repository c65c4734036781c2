-- Where calls go: numbers that cost the same, under one name.
create table plan_destination (
    id integer primary key,
    code text not null,
    name_en text not null,
    name_zh_hans text not null,
    -- What else people call it: a JSON list of texts.
    also text not null,
    -- How its numbers begin, country code first: a JSON list of digits. A prefix belongs to one destination.
    prefixes text not null,
    constraint plan_destination_code_unique unique (code)
) strict;

-- What a card of a product pays for calls to a destination.
create table plan_rate (
    product_id integer not null references product (id),
    destination_id integer not null references plan_destination (id),
    unit text not null,
    -- For a minute, in thousandths of a minor unit: a rate may be below one fen.
    per_minute_thousandths integer not null,
    -- Once for each call that is answered.
    connection_fee_minor integer not null,
    -- The steps in which the seconds of a call are counted.
    first_seconds integer not null,
    next_seconds integer not null,
    primary key (product_id, destination_id),
    constraint plan_rate_money check (per_minute_thousandths >= 0 and connection_fee_minor >= 0),
    constraint plan_rate_steps check (first_seconds > 0 and next_seconds > 0)
) strict, without rowid;

-- Minutes to some destinations, bought beforehand.
create table plan_bundle (
    id integer primary key,
    product_id integer not null references product (id),
    name_en text not null,
    name_zh_hans text not null,
    price_minor integer not null,
    unit text not null,
    minutes integer not null,
    -- Where its minutes lead: a JSON list of numbers of destinations.
    destinations text not null,
    validity_days integer not null,
    constraint plan_bundle_price check (price_minor >= 0),
    constraint plan_bundle_size check (minutes > 0 and validity_days > 0)
) strict;
