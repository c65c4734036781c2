select
    a.owner,
    a.balance_minor,
    a.unit,
    t.state
from account as a
left join payment as p on p.shard = a.shard and p.id = a.owner
left join top_up as t on t.shard = p.shard and t.id = p.top_up_id
where
    a.code = 20
    and a.balance_minor <> 0
    and (t.state is null or t.state <> 'placed')
