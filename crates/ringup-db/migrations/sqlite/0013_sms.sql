-- Receipts by text message.
-- How the notice goes: 1 by e-mail, 2 as a text message.
alter table notice add column kind integer not null default 1 check (kind in (1, 2));
-- How often it was handed to the SMS centre without a word of what came of it.
alter table notice add column unanswered integer not null default 0;
-- The SMS centre's own number of it, by which its reports name it; nothing a week after it ended.
alter table notice add column reference text;
create index notice_reference on notice (reference) where reference is not null;
