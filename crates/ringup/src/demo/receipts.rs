//! What the demo keeps of its top-ups on the disk: each receipt as the API gives it, and slips as their printers got them.

use std::io;
use std::path::{Path, PathBuf};

use ringup_sandbox::Holder;
use serde_json::to_string_pretty;

use super::DemoError;
use super::shopping::Bought;

/// Where they are.
#[derive(Clone, Debug)]
pub(super) struct Receipts(PathBuf);

impl Receipts {
    /// A folder for them in the demo's own.
    pub(super) fn below(data: &Path) -> io::Result<Self> {
        let folder = data.join("receipts");
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Keeps the receipt of a top-up, and its slip where one was printed; names their files.
    pub(super) async fn keep(
        &self,
        holder: &Holder,
        bought: Bought,
        slip: Option<Vec<u8>>,
    ) -> Result<Bought, DemoError> {
        let receipt = holder.get(&format!("/api/v1/receipts/{}", bought.code)).await?;
        let text = to_string_pretty(&receipt).map_err(io::Error::from)?;
        let name = bought.way.replace(", ", "-").replace(' ', "-").to_lowercase();
        let file = self.0.join(format!("{name}.json"));
        std::fs::write(&file, text)?;
        let mut slip_file = "-".to_owned();
        if let Some(slip) = slip {
            let file = file.with_extension("escpos");
            std::fs::write(&file, slip)?;
            slip_file = file.display().to_string();
        }
        Ok(Bought { file: file.display().to_string(), slip: slip_file, ..bought })
    }
}
