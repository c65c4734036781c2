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
