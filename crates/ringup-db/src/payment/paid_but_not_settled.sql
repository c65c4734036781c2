select
    p.shard,
    p.id,
    p.top_up_id,
    p.previous_id,
    p.provider,
    p.method,
    p.purse_kind,
    p.purse_id,
    p.amount_minor,
    p.unit,
    p.created_at,
    p.expires_at,
    p.state,
    p.hand_over,
    p.state_at,
    p.version,
    c.shard,
    c.id,
    c.payment_id,
    c.top_up_id,
    c.previous_id,
    c.provider,
    c.transaction_id,
    c.captured_at,
    c.amount_minor,
    c.unit,
    c.unallocated_minor,
    c.unallocated_version,
    c.version
from capture as c
join payment as p on p.shard = c.shard and p.id = c.payment_id
join top_up as t on t.shard = c.shard and t.id = c.top_up_id
where
    c.id >= $1
    and p.id >= $1
    and c.captured_at < $2
    and (
        t.state in ('placed', 'abandoned')
        -- What is to be credited later is nowhere until then.
        or (coalesce(c.unallocated_minor, 0) <> 0 and (t.state <> 'deferred' or t.credit_at < $2))
    )
order by c.captured_at
limit $3
