select
    p.shard,
    p.id,
    p.top_up_id,
    p.previous_id,
    p.provider,
    p.method,
    p.amount_minor,
    p.unit,
    p.created_at,
    p.expires_at,
    p.state,
    p.hand_over,
    p.state_at,
    p.transaction_id,
    p.captured_minor,
    p.unallocated_minor,
    p.unallocated_version,
    p.room,
    p.version
from payment as p
join top_up as t on t.shard = p.shard and t.id = p.top_up_id
where
    p.id >= $1
    and p.state = 'captured'
    and p.state_at < $2
    and (t.state in ('placed', 'abandoned') or coalesce(p.unallocated_minor, 0) <> 0)
order by p.state_at
limit $3
