use super::*;

#[test]
fn every_screen_in_every_state_has_all_its_words() {
    let samples = all();
    assert!(samples.len() >= 88, "{}", samples.len());
    for (name, html) in samples {
        assert!(html.contains("</html>") && !html.contains('⟦'), "{name}: {html}");
        assert!(!html.contains("style=") && !html.contains("<script>"), "{name} breaks the content security policy");
    }
}
