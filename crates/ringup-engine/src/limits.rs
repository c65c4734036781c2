//! Every limit of the engine, with its reason.

use std::time::Duration;

use ringup_core::time::Span;

/// How many commands may wait for the write lane; more are told to come back. At 20,000 a second this is a fifth of a second.
pub const LANE_QUEUE: usize = 4_096;

/// How often a thread that has nothing to do looks for work before it sleeps: some hundred microseconds on an idle machine, in which
/// a caller who was answered can come again.
pub const LOOKS_BEFORE_SLEEP: u32 = 200;

/// How often the lane looks for more commands to share a commit with at most, when there are several callers: well below the
/// millisecond that the commit takes.
pub const LOOKS_FOR_COMPANY: u32 = 400;

/// And how many looks may find nothing, one after the other: some twenty microseconds on an idle machine.
pub const EMPTY_LOOKS_FOR_COMPANY: u32 = 40;

/// How many holders may wait to see their cards; more are told to come back.
pub const LOOKS_WAITING: usize = 4_096;

/// How many of them are read for together.
pub const LOOKS_TOGETHER: usize = 256;

/// How many lanes a server has on PostgreSQL: while one waits for the database, the other decides. Four at most
/// (`IdMint::house_of`).
pub const POSTGRES_LANES: u8 = 2;

/// How many commands share one commit. Above some hundreds the gain is small and the first of them waits longer.
pub const BATCH_MAX: usize = 256;

/// How many batches may wait behind the one that waits for the disk, before the lane waits too: meanwhile the next batch grows, and large
/// batches cost less.
pub const BATCHES_UNANSWERED: usize = 1;

/// How often a batch is run again when another server changed its rows meanwhile.
pub const CONFLICT_RETRIES: u32 = 20;

/// How many reads run at once; the rest wait.
pub const READERS: usize = 8;

/// How long a read may wait for its turn before its caller is told to come back.
pub const READ_WAIT: Duration = Duration::from_secs(5);

/// How long a caller who was told to come back should wait, in seconds: `Retry-After`.
pub const RETRY_AFTER_SECONDS: u32 = 2;

/// An idempotency key has this many characters at most.
pub const IDEMPOTENCY_KEY_MAX: usize = 128;

/// How many due jobs are taken at once.
pub const JOBS_AT_ONCE: u32 = 64;

/// How long a worker has a job for itself. Longer than any provider's time-out.
pub const JOB_LEASE: Span = Span::seconds(60);

/// How long handing a letter to the mail server, or a text message to the SMS centre, may take in all; shorter than [`JOB_LEASE`], so that no
/// other worker sends it meanwhile.
pub const NOTICE_SENT_WITHIN: Duration = Duration::from_secs(40);

/// How often the connection to the SMS centre is looked after while nothing comes over it.
pub const SMS_BOUND_EVERY: Duration = Duration::from_secs(15);

/// For so long the SMS centre may report what became of a text message; centres try for three days at most.
pub const SMS_REPORTS_WAITED_FOR: Span = Span::days(7);

/// So many receipts are sent because of requests from one network address...
pub const NOTICES_FROM_ADDRESS_MAX: u32 = 20;

/// ...in this time. A hostel or a mobile network's gateway is one address too, but few of its guests top up in the same hour.
pub const NOTICES_COUNTED_FOR: Span = Span::hours(1);

/// How soon the same payment may be asked about again because somebody looks at its page.
pub const LOOK_AGAIN_AFTER: Span = Span::seconds(3);

/// What an agent buys through a provider at once is so many minor units at least...
pub const FLOAT_PURCHASE_MINOR_MIN: u64 = 100;

/// ...and so many at most: more than providers let one payer pay at once. Larger sums come by bank transfer.
pub const FLOAT_PURCHASE_MINOR_MAX: u64 = 5_000_000;

/// So many purchases of an agent may wait for their payer at once: each is asked about until its time is over.
pub const FLOAT_PURCHASES_WAITING_MAX: u64 = 10;

/// How often what is decided by a row is decided again when another server wrote that row meanwhile.
pub const DECISION_RETRIES: u32 = 5;

/// How often the sweeper looks.
pub const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// How long captured money may be neither on a card nor on its way back before the sweeper tells a person.
pub const UNSETTLED_AFTER: Span = Span::seconds(60);

/// How old the payments are that the sweeper looks at: no provider takes money for an order older than this.
pub const UNSETTLED_SOUGHT_FOR: Span = Span::days(30);

/// How many sweeps make a day.
pub const SWEEPS_A_DAY: u64 = 24 * 60;

/// How long the counts of wrong PINs are kept: longer than they are counted for.
pub const PIN_FAILURES_KEPT: Span = Span::days(2);

/// How many of those the sweeper takes at once.
pub const SWEPT_AT_ONCE: u32 = 100;

/// How many lines a page of a card's history has.
pub const HISTORY_PAGE: u32 = 20;

/// How many of a card's top-ups "Where is my money?" shows.
pub const RECENT_TOP_UPS: u32 = 10;

/// A batch has this many cards at most: what stands in memory while it is made.
pub const BATCH_CARDS_MAX: u32 = 2_000_000;

/// Of so many numbers of a format, one batch may take one: whoever makes up a number seldom hits a card.
pub const NUMBERS_FOR_EACH_CARD: u64 = 10;

/// An import file has this many lines at most: all of it is one commit.
pub const IMPORT_LINES_MAX: usize = 2_000_000;

/// So much of a refused card number is repeated in the report of an import.
pub const REPORTED_NUMBER_MAX: usize = 40;

/// The command line's work beside a running server makes its ids, and seals its batches, as this server: no other one may
/// have the number.
pub const BULK_NODE: u8 = 63;

/// A list of places has this many rows at most: all of it is one commit, and all places are held in memory.
pub const PLACES_MAX: usize = 200_000;

/// A list of places has this many bytes at most.
pub const PLACES_FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// A name in a list of places has this many characters at most.
pub const PLACE_NAME_MAX: usize = 80;

/// An address or a licence in a list of places has this many characters at most.
pub const PLACE_TEXT_MAX: usize = 200;

/// Hours in a list of places have this many characters at most: room for a year of exceptions.
pub const PLACE_HOURS_MAX: usize = 4_000;

/// A list that an agent uploads has this many rows at most.
pub const LIST_ROWS_MAX: usize = 50_000;

/// And this many bytes: room for rows with more columns than are read.
pub const LIST_BYTES_MAX: usize = 16 * 1024 * 1024;

/// An agent's own reference for a row of a list has this many characters at most.
pub const REFERENCE_MAX: usize = 40;

/// How many rows of a list are priced on one snapshot: a longer read would keep a reader from everybody else.
pub const ROWS_PRICED_AT_ONCE: usize = 500;

/// How many rows of a list are sold side by side: they share commits, and another job has its turn after them.
pub const ROWS_SOLD_AT_ONCE: u32 = 64;

/// How many lists of an agent are kept that he has not confirmed.
pub const LISTS_NOT_CONFIRMED: u32 = 10;

/// A sale at a kiosk has so many notes at most.
pub const SALE_NOTES_MAX: usize = 200;

/// A kiosk takes notes of so many values at most.
pub const NOTE_VALUES_MAX: usize = 16;

/// The number of a hot line has this many characters at most.
pub const HOT_LINE_MAX: usize = 40;

/// The version of a kiosk's program has this many characters at most.
pub const KIOSK_VERSION_MAX: usize = 40;

/// What somebody types to find a place has this many characters at most.
pub const PLACE_SEARCH_MAX: usize = 100;

/// How many places a page of a search has.
pub const PLACE_PAGE: usize = 10;

/// How many places the API answers at once, at most.
pub const PLACE_PAGE_MAX: usize = 50;
/// The plans have this many prefixes at most: all of them are read for each look at a rate.
pub const PLAN_PREFIXES_MAX: usize = 5_000;

/// A product has this many bundles at most: advice tries each of them beside each other.
pub const BUNDLES_OF_PRODUCT_MAX: usize = 24;

/// A bundle has this many minutes at most: talking for ten weeks without a pause.
pub const BUNDLE_MINUTES_MAX: u32 = 100_000;

/// A bundle lasts this many days at most.
pub const BUNDLE_DAYS_MAX: u16 = 366;
