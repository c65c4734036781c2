use super::*;

#[test]
fn a_demos_folder_is_made_anew_and_anybody_elses_is_left_alone() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("demo");
    make_fresh(&folder).unwrap();
    fs::write(folder.join("old"), "old").unwrap();
    make_fresh(&folder).unwrap();
    assert!(!folder.join("old").exists());

    let precious = scratch.path().join("precious");
    fs::create_dir(&precious).unwrap();
    fs::write(precious.join("thesis"), "years of work").unwrap();
    assert!(matches!(make_fresh(&precious), Err(FolderError::NotOurs(_))));
    assert!(precious.join("thesis").exists());
}
