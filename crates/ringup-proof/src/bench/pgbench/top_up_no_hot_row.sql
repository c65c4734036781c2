-- The same without the row that all share: what the provider owes is left to be summed up from the postings.
\set card random(1, :cards)
\set amount random(1, 3) * 5000
\set taken -:amount
begin;
insert into top_up (idempotency_key, card_id, amount) values (gen_random_uuid(), :card, :amount) returning id \gset
insert into posting (top_up_id, account, amount) values (:id, 'clearing', :amount), (:id, 'card', :taken);
update card set balance = balance + :amount where id = :card;
commit;
