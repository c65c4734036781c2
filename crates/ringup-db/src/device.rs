//! Devices: tills and kiosks that may speak for a place.

use ringup_core::id::{DeviceId, PlaceId};
use ringup_core::time::Timestamp;

use crate::column::needed;
use crate::dialect::{Lookup, Table, blob, int, text};
use crate::error::DbError;
use crate::seam::{Fields, Read, Value, WriteTx};

static DEVICE: Table = Table::new(
    "device",
    &[int("id")],
    &[text("kind"), int("place_id"), text("name")],
    &[
        blob("code_hash"),
        int("code_until"),
        text("algorithm"),
        blob("public_key"),
        int("enrolled_at"),
        int("revoked_at"),
        int("seen_at"),
        text("printer_address"),
        int("printer_width_mm"),
        text("printer_charset"),
    ],
);

static DEVICE_BY_ID: Lookup = Lookup::new(&DEVICE, &[int("id")], "", "");
static DEVICE_BY_CODE: Lookup = Lookup::new(&DEVICE, &[blob("code_hash")], "", "");
static DEVICES: Lookup = Lookup::new(&DEVICE, &[], "true", "order by place_id, id");

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// A till.
    Till,
    /// A kiosk.
    Kiosk,
}

impl DeviceKind {
    /// Its name in a column, and for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Till => "till",
            Self::Kiosk => "kiosk",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "till" => Some(Self::Till),
            "kiosk" => Some(Self::Kiosk),
            _ => None,
        }
    }
}

/// The public half of a device's key, as it was enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceKey {
    /// How signatures are made with it, by its name in RFC 9421.
    pub algorithm: String,
    /// The key's bytes.
    pub public_key: Vec<u8>,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
}

/// A till or kiosk that may speak for a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// What it is.
    pub kind: DeviceKind,
    /// For which place.
    pub place: PlaceId,
    /// What people call it.
    pub name: String,
    /// The hash of the code that enrols it, while it has not been used.
    pub code_hash: Option<[u8; 32]>,
    /// Until when the code can be used.
    pub code_until: Timestamp,
    /// Its key, once it is enrolled.
    pub key: Option<DeviceKey>,
    /// When it was shut out.
    pub revoked_at: Option<Timestamp>,
    /// When it was heard last.
    pub seen_at: Option<Timestamp>,
    /// The receipt printer beside it, where the server reaches one.
    pub printer: Option<PrinterAt>,
}

/// A receipt printer that the server reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterAt {
    /// `HOST:PORT`.
    pub address: String,
    /// How wide its paper is.
    pub width: PaperWidth,
    /// What it writes itself.
    pub charset: PrinterCharset,
}

/// How wide a printer's paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperWidth {
    /// 58 mm.
    Mm58,
    /// 80 mm.
    Mm80,
}

impl PaperWidth {
    /// In millimetres.
    #[must_use]
    pub const fn mm(self) -> i64 {
        match self {
            Self::Mm58 => 58,
            Self::Mm80 => 80,
        }
    }

    /// The width of this many millimetres.
    #[must_use]
    pub const fn from_mm(mm: i64) -> Option<Self> {
        match mm {
            58 => Some(Self::Mm58),
            80 => Some(Self::Mm80),
            _ => None,
        }
    }
}

/// What a printer writes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrinterCharset {
    /// ASCII: everything else is drawn.
    Raster,
    /// Chinese too, in GB18030.
    Gb18030,
}

impl PrinterCharset {
    /// Its name in a column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raster => "raster",
            Self::Gb18030 => "gb18030",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "raster" => Some(Self::Raster),
            "gb18030" => Some(Self::Gb18030),
            _ => None,
        }
    }
}

/// A device.
///
/// # Errors
/// What the database says.
pub fn find_device(tx: &mut impl Read, id: DeviceId) -> Result<Option<Device>, DbError> {
    DEVICE_BY_ID.find_one(tx, &[id.as_u64().into()], read_device)
}

/// The device that a code enrols.
///
/// # Errors
/// What the database says.
pub fn find_device_by_code(tx: &mut impl Read, code_hash: &[u8; 32]) -> Result<Option<Device>, DbError> {
    DEVICE_BY_CODE.find_one(tx, &[code_hash.as_slice().into()], read_device)
}

/// All devices.
///
/// # Errors
/// What the database says.
pub fn devices(tx: &mut impl Read) -> Result<Vec<Device>, DbError> {
    DEVICES.find(tx, &[], read_device)
}

/// Writes down a device that waits to be enrolled.
///
/// # Errors
/// What the database says.
pub fn insert_device(tx: &mut WriteTx<'_>, device: &Device) -> Result<(), DbError> {
    let key = device.key.as_ref();
    let values: Vec<Value<'_>> = vec![
        device.id.as_u64().into(),
        device.kind.name().into(),
        device.place.as_u64().into(),
        device.name.as_str().into(),
        device.code_hash.as_ref().map(<[u8; 32]>::as_slice).into(),
        device.code_until.into(),
        key.map(|key| key.algorithm.as_str()).into(),
        key.map(|key| key.public_key.as_slice()).into(),
        key.map(|key| key.enrolled_at).into(),
        device.revoked_at.into(),
        device.seen_at.into(),
        device.printer.as_ref().map(|printer| printer.address.as_str()).into(),
        device.printer.as_ref().map(|printer| printer.width.mm()).into(),
        device.printer.as_ref().map(|printer| printer.charset.name()).into(),
    ];
    DEVICE.insert_all(tx, values)
}

/// Gives a device its key: once, with a code that has not been used.
///
/// # Errors
/// [`DbError::Conflict`] when the code was used meanwhile.
pub fn enrol_device(tx: &mut WriteTx<'_>, id: DeviceId, key: &DeviceKey) -> Result<(), DbError> {
    let sql = "update device set algorithm = $2, public_key = $3, enrolled_at = $4, seen_at = $4, code_hash = null
        where id = $1 and code_hash is not null and public_key is null";
    let params =
        [id.as_u64().into(), key.algorithm.as_str().into(), key.public_key.as_slice().into(), key.enrolled_at.into()];
    tx.execute_exactly(sql, &params, 1)
}

/// Shuts a device out, for good.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such device.
pub fn revoke_device(tx: &mut WriteTx<'_>, id: DeviceId, now: Timestamp) -> Result<(), DbError> {
    let sql = "update device set revoked_at = coalesce(revoked_at, $2), code_hash = null where id = $1";
    tx.execute_exactly(sql, &[id.as_u64().into(), now.into()], 1)
}

/// Says which printer stands beside a device; nothing takes it away.
///
/// # Errors
/// [`DbError::Conflict`] when there is no such device.
pub fn update_device_printer(tx: &mut WriteTx<'_>, id: DeviceId, printer: Option<&PrinterAt>) -> Result<(), DbError> {
    let sql = "update device set printer_address = $2, printer_width_mm = $3, printer_charset = $4 where id = $1";
    let params = [
        id.as_u64().into(),
        printer.map(|printer| printer.address.as_str()).into(),
        printer.map(|printer| printer.width.mm()).into(),
        printer.map(|printer| printer.charset.name()).into(),
    ];
    tx.execute_exactly(sql, &params, 1)
}

/// A device was heard.
///
/// # Errors
/// What the database says.
pub fn note_device_seen(tx: &mut WriteTx<'_>, id: DeviceId, now: Timestamp) -> Result<(), DbError> {
    tx.execute("update device set seen_at = $2 where id = $1", &[id.as_u64().into(), now.into()]).map(drop)
}

fn read_device(fields: &mut Fields<'_>) -> Result<Device, DbError> {
    let id = DeviceId::from_u64(fields.bits()?);
    let kind = needed(DeviceKind::from_name(fields.text()?), "a device's kind")?;
    let place = PlaceId::from_u64(fields.bits()?);
    let name = fields.text()?.to_owned();
    let code_hash = match fields.opt_blob()? {
        Some(bytes) => Some(bytes.try_into().map_err(|_| DbError::Damaged("a code's hash".to_owned()))?),
        None => None,
    };
    let code_until = fields.time()?;
    let algorithm = fields.opt_text()?.map(str::to_owned);
    let public_key = fields.opt_blob()?.map(<[u8]>::to_vec);
    let enrolled_at = fields.opt_time()?;
    let key = match (algorithm, public_key, enrolled_at) {
        (Some(algorithm), Some(public_key), Some(enrolled_at)) => {
            Some(DeviceKey { algorithm, public_key, enrolled_at })
        }
        (_, _, _) => None,
    };
    let (revoked_at, seen_at) = (fields.opt_time()?, fields.opt_time()?);
    let address = fields.opt_text()?.map(str::to_owned);
    let (width, charset) = (fields.opt_int()?, fields.opt_text()?);
    let printer = match (address, width, charset) {
        (Some(address), Some(width), Some(charset)) => Some(PrinterAt {
            address,
            width: needed(PaperWidth::from_mm(width), "a printer's width")?,
            charset: needed(PrinterCharset::from_name(charset), "what a printer writes")?,
        }),
        (_, _, _) => None,
    };
    Ok(Device { id, kind, place, name, code_hash, code_until, key, revoked_at, seen_at, printer })
}
