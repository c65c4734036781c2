//! Writes every sample page in both languages and both themes to `target/gallery`, with stylesheet and script beside
//! them, so that they can be looked at in a browser without a server: `cargo run --example gallery`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use ringup::web::assets::{FAVICON, SCRIPT, STYLESHEET, WORK_STYLESHEET};
use ringup::web::i18n::{Locale, Words};
use ringup::web::view::{Page, Theme, samples};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("target/gallery"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    for asset in [&*STYLESHEET, &*WORK_STYLESHEET, &*SCRIPT, &*FAVICON] {
        fs::write(folder.join(asset.name()), asset.content())?;
    }
    for locale in Locale::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            write(&folder, locale, theme)?;
        }
    }
    Ok(())
}

fn write(folder: &Path, locale: Locale, theme: Theme) -> Result<(), Box<dyn Error>> {
    let page = Page { words: Words::of(locale), theme, here: "/".to_owned() };
    for sample in samples::all(&page)? {
        let mut html = sample.html;
        for asset in [&*STYLESHEET, &*WORK_STYLESHEET, &*SCRIPT, &*FAVICON] {
            html = html.replace(asset.url(), asset.name());
        }
        fs::write(folder.join(format!("{}.{}.{}.html", sample.name, locale.tag(), theme.name())), html)?;
    }
    Ok(())
}
