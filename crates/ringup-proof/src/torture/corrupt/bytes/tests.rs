use super::*;

#[test]
fn every_damage_changes_the_file_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 0..60 {
        let before: Vec<u8> = (0..20_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        fs::write(&file, &before).unwrap();
        let what = damage(&file, &mut Dice::new(seed)).unwrap().unwrap();
        assert_ne!(fs::read(&file).unwrap(), before, "{what}");
        kinds.insert(what.split_whitespace().take(2).collect::<Vec<_>>().join(" "));
    }
    assert_eq!(kinds.len(), 5, "{kinds:?}");
}

#[test]
fn an_empty_file_cannot_be_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    fs::write(&file, []).unwrap();
    assert_eq!(damage(&file, &mut Dice::new(1)).unwrap(), None);
}
