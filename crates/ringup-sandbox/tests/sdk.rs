//! The providers' own SDKs against the sandbox: what they sign it accepts, what it signs they verify, and one changed
//! byte is refused on each path. The scripts are in `e2e/sdk`; `cargo xtask test` installs what they need.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::{
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use ringup_sandbox::{AlipayKeyMode, DemoKeys, NotificationSigner, Sandbox, SandboxConfig, system_clock};
use tempfile::TempDir;

/// The folder of the scripts.
fn scripts() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/sdk");
    for needed in ["node_modules/alipay-sdk", "node_modules/wechatpay-axios-plugin", ".venv/bin/python"] {
        assert!(folder.join(needed).exists(), "e2e/sdk/{needed} is missing: run `cargo xtask test`, which installs it");
    }
    folder
}

/// Demo keys in a folder of their own, and a sandbox that uses them.
async fn given_a_sandbox(mode: AlipayKeyMode) -> (TempDir, DemoKeys, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let keys = DemoKeys::generate().unwrap();
    keys.write_to(folder.path()).unwrap();
    let config = SandboxConfig {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        public_url: None,
        clock: system_clock(),
        time_scale: 1,
        alipay: keys.alipay_merchant(mode),
        wechat_pay: keys.wechat_pay_merchant(NotificationSigner::Mixed),
    };
    let sandbox = ringup_sandbox::start(config).await.unwrap();
    (folder, keys, sandbox)
}

async fn check(program: &str, script: &str, mode: AlipayKeyMode) {
    let scripts = scripts();
    let (folder, _, sandbox) = given_a_sandbox(mode).await;
    let mode = match mode {
        AlipayKeyMode::Key => "key",
        AlipayKeyMode::Certificate => "certificate",
    };
    let mut command = Command::new(program);
    command.current_dir(scripts).args([script, "--sandbox", &sandbox.url(), "--mode", mode, "--keys"]);
    command.arg(folder.path()).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains(" checks passed"), "{program} {script}:\n{text}\n{errors}");
}

#[tokio::test]
async fn the_node_sdks_agree_with_the_sandbox() {
    check("node", "sdk.mjs", AlipayKeyMode::Key).await;
}

#[tokio::test]
async fn the_node_sdk_agrees_with_the_sandbox_in_certificate_mode() {
    check("node", "sdk.mjs", AlipayKeyMode::Certificate).await;
}

#[tokio::test]
async fn the_python_sdk_agrees_with_the_sandbox() {
    check(".venv/bin/python", "alipay_sdk.py", AlipayKeyMode::Key).await;
}

#[tokio::test]
async fn the_python_sdk_agrees_with_the_sandbox_in_certificate_mode() {
    check(".venv/bin/python", "alipay_sdk.py", AlipayKeyMode::Certificate).await;
}

/// Gives a signer its orders and takes its notifications.
fn sign(program: &str, script: &str, keys: &Path, orders: &str) -> Vec<serde_json::Value> {
    let mut child = Command::new(program)
        .current_dir(scripts())
        .args([script, "--keys"])
        .arg(keys)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(orders.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{script}");
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_signers_print_a_notification_for_each_order() {
    let folder = tempfile::tempdir().unwrap();
    DemoKeys::generate().unwrap().write_to(folder.path()).unwrap();
    let orders = "{\"out_trade_no\":\"A000001\",\"trade_no\":\"1\",\"transaction_id\":\"1\",\"total_minor\":9505}\n\
                  {\"out_trade_no\":\"A000002\",\"trade_no\":\"2\",\"transaction_id\":\"2\",\"total_minor\":1}\n";
    let alipay = sign(".venv/bin/python", "alipay_signer.py", folder.path(), orders);
    assert_eq!(alipay.len(), 2);
    assert!(alipay[0]["body"].as_str().unwrap().contains("total_amount=95.05"));
    assert!(alipay[0]["body"].as_str().unwrap().contains("sign_type=RSA2"));
    let wechat_pay = sign("node", "wechat_pay_signer.mjs", folder.path(), orders);
    assert_eq!(wechat_pay.len(), 2);
    let headers = wechat_pay[0]["headers"].to_string();
    assert!(headers.contains("wechatpay-signature") && headers.contains("PUB_KEY_ID_"), "{headers}");
}
