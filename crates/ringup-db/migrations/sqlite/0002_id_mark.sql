-- Of each server a moment that none of its ids is after: a clock may have gone back when it is started again.
create table id_mark (
    node integer not null,
    ids_until integer not null,
    primary key (node)
) strict, without rowid;
