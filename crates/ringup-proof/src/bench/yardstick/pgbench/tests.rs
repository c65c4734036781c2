use super::read_tps;

#[test]
fn the_rate_is_read_from_what_pgbench_prints() {
    let output = "number of transactions actually processed: 9\ntps = 2714.82 (without initial connection time)\n";
    assert_eq!(read_tps(output), Some(2_714_820));
    assert_eq!(read_tps("tps = 11.9876543 (without initial connection time)"), Some(11_987));
    assert_eq!(read_tps("pgbench: error: connection failed"), None);
}
