select
    p.id,
    p.unallocated_minor,
    p.unit,
    t.state
from payment as p
left join top_up as t on t.shard = p.shard and t.id = p.top_up_id
where
    p.unallocated_minor <> 0
    and (t.state is null or t.state <> 'placed')
