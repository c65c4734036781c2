//! The locale files, read once.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Locale, grouped};

/// The files of one language, in the order in which they are read.
macro_rules! files {
    ($folder:literal) => {
        [
            include_str!(concat!("../../../locales/", $folder, "/common.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/top_up.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/receipt.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/balance.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/plan.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/help.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/notice.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/place.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/rating.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/problem.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/store.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/agent.ftl")),
            include_str!(concat!("../../../locales/", $folder, "/kiosk.ftl")),
        ]
    };
}

pub(super) const EN: &[&str] = &files!("en");
pub(super) const ZH_HANS: &[&str] = &files!("zh-Hans");

static EN_BUNDLE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::En, EN));
static ZH_HANS_BUNDLE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::ZhHans, ZH_HANS));

/// The sentence of this key, or the key in brackets that nobody can overlook.
pub(super) fn sentence(locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> String {
    let bundle = match locale {
        Locale::En => &*EN_BUNDLE,
        Locale::ZhHans => &*ZH_HANS_BUNDLE,
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return format!("⟦{key}⟧");
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    if errors.is_empty() { text.into_owned() } else { format!("⟦{key}: {text}⟧") }
}

/// A number in a sentence, with its thousands set apart.
fn figure<M>(value: &FluentValue<'_>, _memoizer: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) => number.as_string().parse().ok().map(grouped),
        _ => None,
    }
}

fn bundle(locale: Locale, files: &[&str]) -> FluentBundle<FluentResource> {
    // Which language it is decides nothing but plural forms; an unreadable tag would be the undetermined language.
    let language: LanguageIdentifier = locale.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks that isolate right-to-left text would be copied along with codes and amounts; neither language needs them.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(figure));
    for file in files {
        // What cannot be parsed is left out here and shows as a missing sentence; a test reads every file strictly.
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*file).to_owned());
        bundle.add_resource_overriding(resource);
    }
    bundle
}
