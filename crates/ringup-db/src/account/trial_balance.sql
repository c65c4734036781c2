select
    code,
    unit,
    cast(sum(minor) as bigint)
from (
    select 10 as code, main_unit as unit, sum(main_minor) as minor
    from card
    where main_unit is not null
    group by main_unit
    union all
    select 11, unit, sum(left_minor)
    from bonus_grant
    where left_minor is not null
    group by unit
    union all
    select 20, unit, sum(unallocated_minor)
    from capture
    where unallocated_minor is not null
    group by unit
    union all
    select case kind when 1 then 32 when 2 then 33 when 3 then 34 else 12 end, unit, sum(holds_minor)
    from purse
    where holds_minor is not null
    group by kind, unit
    union all
    select code, unit, sum(balance_minor)
    from account
    group by code, unit
) as held
group by code, unit
order by unit, code
