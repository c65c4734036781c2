-- Lists of top-ups that agents upload: checked first, then sold row by row from their float.

create table sale_list (
    id bigint primary key,
    agent_id bigint not null,
    unit text not null,
    -- The language of its receipts.
    language text not null,
    -- How many rows there are; how many were right when it was checked, and what those come to.
    rows_count bigint not null,
    right_count bigint not null,
    pay_minor bigint not null,
    made_at bigint not null,
    -- When the agent confirmed it.
    confirmed_at bigint,
    -- Why the rest is not sold now; nothing while it is sold, or all of it was looked at.
    stopped text,
    -- When the last row was looked at.
    ended_at bigint,
    constraint sale_list_stopped check (stopped is null or (confirmed_at is not null and ended_at is null))
);
create index sale_list_agent on sale_list (agent_id, id);

-- The rows of a list.
create table sale_list_row (
    list_id bigint not null,
    number bigint not null,
    agent_id bigint not null,
    -- Where it stands in the file.
    line bigint not null,
    -- The agent's own reference; empty where it cannot be read.
    reference text not null,
    card_number bigint,
    amount_minor bigint,
    -- What it costs and gives, as it was checked and confirmed.
    pay_minor bigint,
    bonus text,
    -- The line that says the same, where that is what is wrong.
    other_line bigint,
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
);
create index sale_list_row_at on sale_list_row (list_id, state, number);
-- One reference is sold once.
create unique index sale_list_row_sold on sale_list_row (agent_id, reference) where state = 'sold';
create index sale_list_row_waiting on sale_list_row (agent_id, reference) where state = 'checked';
