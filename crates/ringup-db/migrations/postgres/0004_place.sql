create table place (
    id bigint primary key,
    kind text not null,
    code text not null,
    name_en text not null,
    name_zh_hans text not null,
    city_en text not null,
    city_zh_hans text not null,
    district_en text not null,
    district_zh_hans text not null,
    address_en text not null,
    address_zh_hans text not null,
    latitude_e6 bigint not null,
    longitude_e6 bigint not null,
    time_zone text not null,
    hours text not null,
    takes_cash bigint not null,
    takes_codes bigint not null,
    takes_cards bigint not null,
    credited_at_times text,
    licence text,
    reach_cm bigint,
    phone text,
    state text not null,
    state_since bigint,
    constraint place_code_unique unique (code),
    constraint place_kind check (kind in ('store', 'kiosk', 'agent')),
    constraint place_position check (latitude_e6 between -90000000 and 90000000 and longitude_e6 between -180000000 and 180000000),
    constraint place_takes check (takes_cash in (0, 1) and takes_codes in (0, 1) and takes_cards in (0, 1)),
    constraint place_state check (state in ('in_business', 'closed', 'out_of_order')),
    constraint place_state_since check ((state = 'out_of_order') = (state_since is not null))
);
comment on table place is 'Where cards are topped up face to face: stores, kiosks and agents.';
comment on column place.code is 'What lists and people name it by.';
comment on column place.latitude_e6 is 'WGS 84, in millionths of a degree.';
comment on column place.time_zone is 'The IANA name of the zone that its clock goes by.';
comment on column place.hours is 'Opening hours as ringup_core::place::Hours writes them.';
comment on column place.credited_at_times is 'The times of the day at which a sale is credited (12:00,18:00); nothing when at once.';
comment on column place.reach_cm is 'How high the highest thing is that a holder must reach; nothing when that is not known.';
comment on column place.state_since is 'Since when a place is out of order.';

create table place_version (
    id bigint primary key,
    version bigint not null,
    constraint place_version_one_row check (id = 1)
);
comment on table place_version is 'One row: how often places have been written, so that a server that holds them in memory knows when to read them again.';
insert into place_version (id, version) values (1, 0);
