-- Sub-agents: who is above whom, and whose sales a part of commission comes from.

-- Who is above an agent from a month on, and what goes up to him.
create table sub_agent (
    agent_id bigint not null,
    -- Such as 202611: until there is another row of the agent.
    from_month bigint not null,
    -- Nothing when he has no parent from then on.
    parent_id bigint,
    -- So many hundredths of a per cent of what the agent gets.
    share_bp bigint,
    primary key (agent_id, from_month),
    constraint sub_agent_other check (agent_id <> parent_id),
    constraint sub_agent_share check ((parent_id is null) = (share_bp is null) and share_bp between 0 and 10000)
);
create index sub_agent_parent on sub_agent (parent_id, from_month);

-- Whoever books a month, or changes what months are booked by, writes this row first: so one of them goes after the other.
create table commission_turn (
    id bigint primary key,
    turn bigint not null
);
insert into commission_turn (id, turn) values (1, 0);

-- A part of commission comes from somebody's sales: the agent's own, or those of one below him.
create table commission_booking_of_sellers as select * from commission_booking;
drop table commission_booking;
create table commission_booking (
    -- Who earned it.
    agent_id bigint not null,
    month bigint not null,
    -- 1, 2, 3 … for each month.
    number bigint not null,
    float_id bigint not null,
    -- Below zero for what was taken back.
    earned_minor bigint not null,
    unit text not null,
    -- The month on the seller's own clock.
    sales_from bigint not null,
    sales_until bigint not null,
    made_at bigint not null,
    -- When it was in the journal. What was cut off before is booked by the next run.
    booked_at bigint,
    -- Whose sales earned it.
    seller_id bigint not null,
    primary key (agent_id, month, number)
);
insert into commission_booking (
    agent_id, month, number, float_id, earned_minor, unit, sales_from, sales_until, made_at, booked_at, seller_id
)
select agent_id, month, number, float_id, earned_minor, unit, sales_from, sales_until, made_at, booked_at, agent_id
from commission_booking_of_sellers;
drop table commission_booking_of_sellers;
create index commission_booking_seller on commission_booking (seller_id, month);
