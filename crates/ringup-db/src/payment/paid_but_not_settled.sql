with recursive each_shard (shard) as (
    select 0
    union all
    select shard + 1 from each_shard where shard < 255
)
select
    p.shard,
    p.id,
    p.top_up_id,
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
    p.version
from each_shard as s
join payment as p on p.shard = s.shard and p.id >= $1
join top_up as t on t.shard = p.shard and t.id = p.top_up_id
left join account as a on a.shard = p.shard and a.owner = p.id and a.code = 20 and a.unit = p.unit
where
    p.state = 'captured'
    and p.state_at < $2
    and (t.state in ('placed', 'abandoned') or coalesce(a.balance_minor, 0) <> 0)
order by p.state_at
limit $3
