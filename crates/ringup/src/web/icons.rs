//! Our own small set of icons, as inline SVG: 24 px, strokes of 1.75, hidden from screen readers (a word stands beside each).

/// One icon from the paths inside it.
macro_rules! icon {
    ($inner:literal) => {
        concat!(
            r#"<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">"#,
            $inner,
            "</svg>"
        )
    };
}

/// The mark: a ring with a gap at two o'clock and a short upward stroke through it.
pub const MARK: &str = concat!(
    r#"<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" aria-hidden="true" focusable="false">"#,
    r#"<path d="M18.92 14.11A8 8 0 1 1 14.25 5.69"/><path d="M17.93 10.4V3"/></svg>"#
);
/// Done.
pub const CHECK: &str = icon!(r#"<path d="m5 12.5 4.5 4.5L19 7.5"/>"#);
/// Not so.
pub const CROSS: &str = icon!(r#"<path d="m6.5 6.5 11 11m0-11-11 11"/>"#);
/// Something needs attention.
pub const ALERT: &str = icon!(r#"<path d="M12 4 2.8 19.5h18.4L12 4Z"/><path d="M12 10v4.5m0 2.6v.1"/>"#);
/// For your information.
pub const INFO: &str = icon!(r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5m0-8.6v.1"/>"#);
/// Time.
pub const CLOCK: &str = icon!(r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>"#);
/// Money on its way back.
pub const BACK: &str = icon!(r#"<path d="M9 14 4.5 9.5 9 5"/><path d="M5 9.5h9a5.5 5.5 0 0 1 0 11H9"/>"#);
/// Safe, official.
pub const SHIELD: &str = icon!(
    r#"<path d="M12 3 4.5 5.8v5.4c0 4.6 3 8 7.5 9.8 4.5-1.8 7.5-5.2 7.5-9.8V5.8L12 3Z"/><path d="m8.8 12 2.3 2.3 4.3-4.6"/>"#
);
/// Looking for something.
pub const SEARCH: &str = icon!(r#"<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>"#);
/// Locked for a while.
pub const LOCK: &str =
    icon!(r#"<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>"#);
/// Where something is.
pub const PIN: &str = icon!(
    r#"<path d="M12 21c4.5-4.8 7-8.4 7-11.5A7 7 0 0 0 5 9.5c0 3.1 2.5 6.7 7 11.5Z"/><circle cx="12" cy="9.5" r="2.5"/>"#
);
/// Where the visitor is.
pub const LOCATE: &str = icon!(r#"<circle cx="12" cy="12" r="6"/><path d="M12 2.5v3m0 13v3M2.5 12h3m13 0h3"/>"#);
/// What is taken.
pub const PURSE: &str = icon!(
    r#"<rect x="3" y="6.5" width="18" height="12.5" rx="2"/><circle cx="12" cy="12.75" r="2.5"/><path d="M6.5 12.75v.1m11-.1v.1"/>"#
);
/// For a wheelchair.
pub const WHEELCHAIR: &str = icon!(
    r#"<circle cx="10.5" cy="4.5" r="1.5"/><path d="M10.5 8.5v6H16l2.5 5"/><path d="M10.5 11h4.5"/><path d="M8 11.9a5 5 0 1 0 6.6 6.4"/>"#
);
