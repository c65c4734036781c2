//! The adjustments of a quote, as the JSON text in their column.

use ringup_core::product::Name;
use ringup_core::promotion::PromotionId;
use ringup_core::quote::{Adjustment, AdjustmentKind};
use serde::{Deserialize, Serialize};

use crate::column::{amount, needed, parse_unit};
use crate::error::DbError;

#[derive(Serialize, Deserialize)]
struct Wire {
    promotion: u32,
    en: String,
    zh_hans: String,
    kind: String,
    minor: u64,
    unit: String,
}

/// The text; nothing for an empty list.
pub(super) fn to_text(adjustments: &[Adjustment]) -> Result<Option<String>, DbError> {
    if adjustments.is_empty() {
        return Ok(None);
    }
    let wires: Vec<Wire> = adjustments
        .iter()
        .map(|adjustment| Wire {
            promotion: adjustment.promotion.0,
            en: adjustment.name.en.clone(),
            zh_hans: adjustment.name.zh_hans.clone(),
            kind: adjustment.kind.name().to_owned(),
            minor: adjustment.amount.minor(),
            unit: adjustment.amount.unit().code().to_owned(),
        })
        .collect();
    serde_json::to_string(&wires).map(Some).map_err(|error| DbError::Damaged(error.to_string()))
}

/// Reads [`to_text`] back.
pub(super) fn from_text(text: Option<&str>) -> Result<Vec<Adjustment>, DbError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let wires: Vec<Wire> = serde_json::from_str(text).map_err(|error| DbError::Damaged(error.to_string()))?;
    wires
        .into_iter()
        .map(|wire| {
            Ok(Adjustment {
                promotion: PromotionId(wire.promotion),
                name: Name { en: wire.en, zh_hans: wire.zh_hans },
                kind: needed(AdjustmentKind::from_name(&wire.kind), "an adjustment's kind")?,
                amount: amount(wire.minor, parse_unit(&wire.unit)?)?,
            })
        })
        .collect()
}
