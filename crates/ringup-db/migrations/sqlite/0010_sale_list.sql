-- Lists of top-ups that agents upload: checked first, then sold row by row from their float.

create table sale_list (
    id integer primary key,
    agent_id integer not null,
    unit text not null,
    -- The language of its receipts.
    language text not null,
    -- How many rows there are; how many were right when it was checked, and what those come to.
    rows_count integer not null,
    right_count integer not null,
    pay_minor integer not null,
    made_at integer not null,
    -- When the agent confirmed it.
    confirmed_at integer,
    -- Why the rest is not sold now; nothing while it is sold, or all of it was looked at.
    stopped text,
    -- When the last row was looked at.
    ended_at integer,
    constraint sale_list_stopped check (stopped is null or (confirmed_at is not null and ended_at is null))
) strict;
create index sale_list_agent on sale_list (agent_id, id);

-- The rows of a list.
create table sale_list_row (
    list_id integer not null,
    number integer not null,
    agent_id integer not null,
    -- Where it stands in the file.
    line integer not null,
    -- The agent's own reference; empty where it cannot be read.
    reference text not null,
    card_number integer,
    amount_minor integer,
    -- What it costs and gives, as it was checked and confirmed.
    pay_minor integer,
    bonus text,
    -- The line that says the same, where that is what is wrong.
    other_line integer,
    -- checked, wrong, sold or refused.
    state text not null,
    -- Why it is wrong or was refused: a stable code.
    reason text,
    -- The code of its top-up.
    top_up_code text,
    primary key (list_id, number),
    constraint sale_list_row_state check (
        (state = 'checked' and pay_minor is not null and reason is null and top_up_code is null)
        or (state = 'wrong' and reason is not null and top_up_code is null)
        or (state = 'refused' and pay_minor is not null and reason is not null and top_up_code is null)
        or (state = 'sold' and pay_minor is not null and reason is null and top_up_code is not null)
    )
) strict, without rowid;
create index sale_list_row_at on sale_list_row (list_id, state, number);
-- One reference is sold once.
create unique index sale_list_row_sold on sale_list_row (agent_id, reference) where state = 'sold';
create index sale_list_row_waiting on sale_list_row (agent_id, reference) where state = 'checked';
