-- Where cards are topped up face to face: stores, kiosks and agents.
create table place (
    id integer primary key,
    kind text not null,
    -- What lists and people name it by.
    code text not null,
    name_en text not null,
    name_zh_hans text not null,
    city_en text not null,
    city_zh_hans text not null,
    district_en text not null,
    district_zh_hans text not null,
    address_en text not null,
    address_zh_hans text not null,
    -- WGS 84, in millionths of a degree.
    latitude_e6 integer not null,
    longitude_e6 integer not null,
    -- The IANA name of the zone that its clock goes by.
    time_zone text not null,
    -- Opening hours as ringup_core::place::Hours writes them.
    hours text not null,
    takes_cash integer not null,
    takes_codes integer not null,
    takes_cards integer not null,
    -- The times of the day at which a sale is credited (12:00,18:00); nothing when at once.
    credited_at_times text,
    licence text,
    -- How high the highest thing is that a holder must reach; nothing when that is not known.
    reach_cm integer,
    phone text,
    state text not null,
    -- Since when a place is out of order.
    state_since integer,
    constraint place_code_unique unique (code),
    constraint place_kind check (kind in ('store', 'kiosk', 'agent')),
    constraint place_position check (latitude_e6 between -90000000 and 90000000 and longitude_e6 between -180000000 and 180000000),
    constraint place_takes check (takes_cash in (0, 1) and takes_codes in (0, 1) and takes_cards in (0, 1)),
    constraint place_state check (state in ('in_business', 'closed', 'out_of_order')),
    constraint place_state_since check ((state = 'out_of_order') = (state_since is not null))
) strict;

-- One row: how often places have been written, so that a server that holds them in memory knows when to read them again.
create table place_version (
    id integer primary key,
    version integer not null,
    constraint place_version_one_row check (id = 1)
) strict;
insert into place_version (id, version) values (1, 0);
