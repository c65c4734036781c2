//! `cargo run -p ringup-sandbox --example serve -- 127.0.0.1:8081 FOLDER`: the sandbox alone, for a partner's own tests.
//!
//! Keys are read from the folder, or made and written there if it has none.

use std::{error::Error, path::PathBuf};

use ringup_sandbox::{AlipayKeyMode, DemoKeys, NotificationSigner, SandboxConfig, system_clock};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let listen = arguments.next().unwrap_or_else(|| "127.0.0.1:8081".to_owned()).parse()?;
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "sandbox-keys".to_owned()));
    let keys = match DemoKeys::read_from(&folder) {
        Ok(keys) => keys,
        Err(_) => {
            let keys = DemoKeys::generate()?;
            keys.write_to(&folder)?;
            keys
        }
    };
    let sandbox = ringup_sandbox::start(SandboxConfig {
        listen,
        public_url: None,
        clock: system_clock(),
        time_scale: 1,
        alipay: keys.alipay_merchant(AlipayKeyMode::Key),
        wechat_pay: keys.wechat_pay_merchant(NotificationSigner::PublicKey),
    })
    .await?;
    println!("sandbox {}/", sandbox.url());
    tokio::signal::ctrl_c().await?;
    sandbox.shutdown().await;
    Ok(())
}
