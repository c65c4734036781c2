//! Every sentence of the pages and slips, in both languages: `locales/`, never code or templates.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use ringup_core::money::Language;
use unic_langid::LanguageIdentifier;

const EN: &str = include_str!("../locales/en/kiosk.ftl");
const ZH_HANS: &str = include_str!("../locales/zh-Hans/kiosk.ftl");

static EN_BUNDLE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle("en", EN));
static ZH_HANS_BUNDLE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle("zh-Hans", ZH_HANS));

/// The sentences of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// The tag of HTML and of the API.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self.0 {
            Language::En => "en",
            Language::ZhHans => "zh-Hans",
        }
    }

    /// A sentence. One that is missing shows as `⟦key⟧`.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        self.t_with(key, &[])
    }

    /// A sentence with one thing in it.
    #[must_use]
    pub fn t_one(self, key: &str, name: &str, thing: impl AsRef<str>) -> String {
        self.t_with(key, &[(name, thing.as_ref())])
    }

    /// A sentence with things in it.
    #[must_use]
    pub fn t_with(self, key: &str, things: &[(&str, &str)]) -> String {
        let bundle = match self.0 {
            Language::En => &*EN_BUNDLE,
            Language::ZhHans => &*ZH_HANS_BUNDLE,
        };
        let mut args = FluentArgs::with_capacity(things.len());
        for (name, thing) in things {
            args.set(*name, *thing);
        }
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("⟦{key}⟧");
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        if errors.is_empty() { text.into_owned() } else { format!("⟦{key}: {text}⟧") }
    }

    /// Whether there is such a sentence.
    #[must_use]
    pub fn has(self, key: &str) -> bool {
        match self.0 {
            Language::En => EN_BUNDLE.has_message(key),
            Language::ZhHans => ZH_HANS_BUNDLE.has_message(key),
        }
    }
}

fn bundle(tag: &str, file: &str) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    // What cannot be parsed shows as a missing sentence; a test reads both files strictly.
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(file.to_owned());
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests;
