-- What passes between a kiosk and the server about a sale and a claim, and how often a claim's slip was printed.

-- The server's id of the cash box that was in the machine when the sale began.
alter table sale add column box text;
-- Since when the line was down when the first note of it was taken without a line; none when every note had one.
alter table sale add column offline_since integer;
-- The server's answer, as it came: the slip is printed from it, also after a restart.
alter table sale add column answer text;
-- Receipts whose printing was begun; from the second on they are marked.
alter table sale add column slips integer not null default 0;

-- Slips of this claim whose printing was begun; from the second on they are marked.
alter table bank_note add column claim_slips integer not null default 0;
-- 1 when a slip came out, and no other one is wanted.
alter table bank_note add column claim_slip_out integer not null default 0 check (claim_slip_out in (0, 1));
-- What the server knows of the claim: 0 nothing, 1 the claim, 2 the claim and the late word.
alter table bank_note add column claim_told integer not null default 0 check (claim_told in (0, 1, 2));
create index bank_note_claimed on bank_note (running) where state = 8;

-- A collection that was asked for and is not answered yet: sent again under the same key.
create table collection (
    one integer not null primary key check (one = 1),
    key blob not null check (length(key) = 16),
    box text not null,
    first_code text not null,
    second_code text not null
) strict;
