//! What is served over HTTP.

pub mod assets;
pub mod i18n;
pub mod icons;
pub mod qr;
pub mod view;
