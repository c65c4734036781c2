//! Writes every sample of every screen into a folder: `cargo run -p ringup-terminal --example kiosk_gallery -- FOLDER`.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("a folder to write into")?);
    std::fs::create_dir_all(&folder)?;
    for (name, html) in ringup_terminal::screen::samples::all() {
        std::fs::write(folder.join(format!("{name}.html")), html)?;
    }
    std::fs::write(folder.join("kiosk.css"), include_str!("../assets/kiosk.css"))?;
    Ok(())
}
