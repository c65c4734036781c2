select
    c.payment_id,
    c.unallocated_minor,
    c.unit,
    t.state
from capture as c
left join top_up as t on t.shard = c.shard and t.id = c.top_up_id
where
    c.unallocated_minor <> 0
    and (t.state is null or t.state not in ('placed', 'deferred'))
