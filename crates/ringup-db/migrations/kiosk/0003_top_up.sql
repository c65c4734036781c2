-- A top-up by QR code, from before the server is asked for it until the server has said what became of it. It is asked for under the same key
-- after each lost answer and each restart, so that there is one at the server.
create table top_up (
    key blob not null primary key check (length(key) = 16),
    -- As the server gave it.
    quote text not null,
    provider text not null,
    language text not null,
    -- 1 when the holder has said that this is another one.
    another_one integer not null check (another_one in (0, 1)),
    -- The code that the server answered with; null until then.
    code text
) strict;

-- One at most is without an answer, and no code stands twice.
create unique index top_up_code on top_up (ifnull(code, ''));
