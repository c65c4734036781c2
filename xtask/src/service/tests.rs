use super::*;

fn log(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("ringup-xtask-{}-{name}.log", std::process::id()))
}

#[test]
fn a_service_tells_its_lines_and_ends_when_dropped() {
    let log = log("tells");
    let mut command = Command::new("sh");
    command.args(["-c", GUARD, "guard", "sh", "-c", "echo at $$; exec sleep 600"]);
    let service = Service::start("a sleeper", &mut command, &log).unwrap();
    let pid = service.wait_for(Duration::from_secs(20), |line| line.strip_prefix("at ").map(str::to_owned)).unwrap();
    let running = PathBuf::from(format!("/proc/{pid}"));
    assert!(running.exists());
    drop(service);
    assert!(!running.exists());
    std::fs::remove_file(log).unwrap();
}

#[test]
fn a_service_that_ends_too_early_is_a_failure_with_its_last_words() {
    let log = log("early");
    let mut command = Command::new("sh");
    command.args(["-c", "echo cannot open the door"]);
    let service = Service::start("a door", &mut command, &log).unwrap();
    let failure = service.wait_for(Duration::from_secs(20), |line| (line == "ready").then_some(())).unwrap_err();
    assert!(failure.to_string().contains("cannot open the door"), "{failure}");
    drop(service);
    std::fs::remove_file(log).unwrap();
}
