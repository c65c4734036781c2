create table plan_destination (
    id bigint primary key,
    code text not null,
    name_en text not null,
    name_zh_hans text not null,
    also text not null,
    prefixes text not null,
    constraint plan_destination_code_unique unique (code)
);
comment on table plan_destination is 'Where calls go: numbers that cost the same, under one name.';
comment on column plan_destination.also is 'What else people call it: a JSON list of texts.';
comment on column plan_destination.prefixes is 'How its numbers begin, country code first: a JSON list of digits. A prefix belongs to one destination.';

create table plan_rate (
    product_id bigint not null references product (id),
    destination_id bigint not null references plan_destination (id),
    unit text not null,
    per_minute_thousandths bigint not null,
    connection_fee_minor bigint not null,
    first_seconds bigint not null,
    next_seconds bigint not null,
    primary key (product_id, destination_id),
    constraint plan_rate_money check (per_minute_thousandths >= 0 and connection_fee_minor >= 0),
    constraint plan_rate_steps check (first_seconds > 0 and next_seconds > 0)
);
comment on table plan_rate is 'What a card of a product pays for calls to a destination.';
comment on column plan_rate.per_minute_thousandths is 'For a minute, in thousandths of a minor unit: a rate may be below one fen.';
comment on column plan_rate.connection_fee_minor is 'Once for each call that is answered.';
comment on column plan_rate.first_seconds is 'The steps in which the seconds of a call are counted.';

create table plan_bundle (
    id bigint primary key,
    product_id bigint not null references product (id),
    name_en text not null,
    name_zh_hans text not null,
    price_minor bigint not null,
    unit text not null,
    minutes bigint not null,
    destinations text not null,
    validity_days bigint not null,
    constraint plan_bundle_price check (price_minor >= 0),
    constraint plan_bundle_size check (minutes > 0 and validity_days > 0)
);
comment on table plan_bundle is 'Minutes to some destinations, bought beforehand.';
comment on column plan_bundle.destinations is 'Where its minutes lead: a JSON list of numbers of destinations.';
