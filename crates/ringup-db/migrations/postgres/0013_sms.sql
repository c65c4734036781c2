alter table notice add column kind bigint not null default 1 check (kind in (1, 2));
alter table notice add column unanswered bigint not null default 0;
alter table notice add column reference text;
create index notice_reference on notice (reference) where reference is not null;
comment on column notice.kind is 'How the notice goes: 1 by e-mail, 2 as a text message.';
comment on column notice.unanswered is 'How often it was handed to the SMS centre without a word of what came of it.';
comment on column notice.reference is 'The SMS centre''s own number of it, by which its reports name it; nothing a week after it ended.';
