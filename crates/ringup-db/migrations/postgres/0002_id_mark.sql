-- Of each server a moment that none of its ids is after: a clock may have gone back when it is started again.
create table id_mark (
    node bigint not null,
    ids_until bigint not null,
    primary key (node)
);
comment on table id_mark is 'Of each server a moment that none of its ids is after: a clock may have gone back when it is started again.';
