//! The office's side: places that are kiosks, and the codes that enrol their machines.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;

use crate::rig::failure::Failure;
use crate::rig::issuer::Issuer;

const COLUMNS: &str = "kind,code,name_en,name_zh_hans,city_en,city_zh_hans,district_en,district_zh_hans,address_en,\
    address_zh_hans,latitude,longitude,time_zone,hours,takes";

/// A machine that can be enrolled.
pub(super) struct Machine {
    /// What the numbers of its notes begin with.
    pub(super) number: u32,
    /// The code that enrols it.
    pub(super) code: String,
}

/// Opens so many places, and answers each one's machine.
pub(super) fn open(issuer: &Issuer, count: usize) -> Result<Vec<Machine>, Failure> {
    let mut list = format!("{COLUMNS}\n");
    for place in 1..=count {
        // Writing to a string cannot fail.
        let _ = writeln!(
            list,
            "kiosk,K-{place},Kiosk {place},{place} 号自助终端,Beijing,北京,Xicheng,西城区,Exit A,A 口,39.9,116.3,Asia/Shanghai,24/7,cash codes"
        );
    }
    let file = issuer.folder.join("places.csv");
    fs::write(&file, list).map_err(Failure::doing(file.display()))?;
    issuer.run([OsStr::new("place"), OsStr::new("import"), file.as_os_str()])?;
    (1..=count).map(|place| add(issuer, &format!("K-{place}"))).collect()
}

fn add(issuer: &Issuer, place: &str) -> Result<Machine, Failure> {
    let words = ["kiosk", "add", place, "--hot-line", "400 000 0000", "--visit-max", "500", "--offline-max", "500"];
    let many = ["--box-capacity", "60000", "--box-nearly-full", "50000"];
    let said = issuer.run(words.into_iter().chain(many))?;
    read(&said).ok_or_else(|| Failure::new(format!("ringup kiosk add said {said:?}")))
}

/// Reads `K-1 kiosk 1 safe pur_…`, and below it `dev_… ABCD EFGH …`.
fn read(said: &str) -> Option<Machine> {
    let (first, last) = said.trim_end().split_once('\n')?;
    let number = first.split_once(" kiosk ")?.1.split(' ').next()?.parse().ok()?;
    let (_, code) = last.split_once(' ')?;
    Some(Machine { number, code: code.trim().to_owned() })
}
