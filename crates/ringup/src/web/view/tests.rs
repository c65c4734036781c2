use super::samples::{self, Sample};
use super::{Page, Theme};
use crate::web::i18n::{Locale, Words};

fn page(locale: Locale) -> Page {
    Page { words: Words::of(locale), theme: Theme::Auto, here: "/".to_owned() }
}

fn every_sample() -> Vec<Sample> {
    Locale::ALL.into_iter().flat_map(|locale| samples::all(&page(locale)).unwrap()).collect()
}

#[test]
fn every_page_is_rendered_in_both_languages_without_a_missing_sentence() {
    let samples = every_sample();
    assert!(samples.len() > 70);
    for Sample { name, html } in samples {
        if let Some(at) = html.find('⟦') {
            panic!("{name}: {}", html[at..].lines().next().unwrap_or_default());
        }
    }
}

#[test]
fn no_page_has_code_or_style_inside_it() {
    for Sample { name, html } in every_sample() {
        assert!(!html.contains("style="), "{name} has a style attribute");
        assert!(!html.contains("<style"), "{name} has a stylesheet inside");
        assert_eq!(html.matches("<script").count(), html.matches("<script src=").count(), "{name} has a script inside");
        for handler in [" onclick", " onsubmit", " onload", " onchange", "javascript:", "hx-on"] {
            assert!(!html.contains(handler), "{name} has {handler}");
        }
    }
}

#[test]
fn every_page_has_one_heading_of_the_first_rank() {
    for Sample { name, html } in every_sample().into_iter().filter(|sample| sample.name != "quote-fragment") {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
    }
}

#[test]
fn a_page_has_at_most_one_primary_button_in_its_content() {
    for Sample { name, html } in every_sample().into_iter().filter(|sample| sample.name != "quote-fragment") {
        let content = html.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        assert!(
            content.matches(r#"class="button""#).chain(content.matches(r#"class="button stay""#)).count() <= 1,
            "{name}"
        );
    }
}

#[test]
fn an_id_is_used_once_in_a_page() {
    for Sample { name, html } in every_sample() {
        let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: {ids:?}");
    }
}

#[test]
fn what_a_holder_typed_is_shown_as_text() {
    let nasty = "<script>alert(1)</script>\"'";
    let form = super::balance::BalanceFormPage {
        page: page(Locale::En),
        card: nasty.to_owned(),
        problems: super::Problems::one("card", nasty.to_owned()),
    };
    let html = askama::Template::render(&form).unwrap();
    assert!(!html.contains("<script>alert"));
    assert!(!html.contains(nasty));
}

#[test]
fn a_pin_never_comes_back() {
    for Sample { name, html } in every_sample() {
        for field in html.split("<input").skip(1).filter(|field| field.contains("type=\"password\"")) {
            assert!(!field.split('>').next().unwrap().contains("value="), "{name}");
        }
    }
}

#[test]
fn an_unknown_theme_is_the_automatic_one() {
    assert_eq!(Theme::from_name("dark"), Theme::Dark);
    assert_eq!(Theme::from_name("purple"), Theme::Auto);
}
