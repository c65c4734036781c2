insert into promotion (
    id,
    product_id,
    name_en,
    name_zh_hans,
    starts_at,
    ends_at,
    spend_minor,
    spend_unit,
    gift,
    gift_minor,
    gift_unit,
    lasts_us
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (id) do update set
    product_id = excluded.product_id,
    name_en = excluded.name_en,
    name_zh_hans = excluded.name_zh_hans,
    starts_at = excluded.starts_at,
    ends_at = excluded.ends_at,
    spend_minor = excluded.spend_minor,
    spend_unit = excluded.spend_unit,
    gift = excluded.gift,
    gift_minor = excluded.gift_minor,
    gift_unit = excluded.gift_unit,
    lasts_us = excluded.lasts_us
