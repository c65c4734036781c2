select
    shard,
    id,
    card_number,
    purse_id,
    position,
    previous_id,
    kind,
    cause_kind,
    cause_number,
    effective_at,
    recorded_at,
    postings,
    hash,
    seal_house,
    seal_number,
    seal_line
from journal_entry
where shard between $1 and $2
order by shard, card_number, purse_id, position
