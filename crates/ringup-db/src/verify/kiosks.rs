use std::collections::BTreeMap;

use ringup_core::bank_note::NoteNumber;
use ringup_core::id::{PurseId, TopUpId};

use super::CheckLine;
use crate::error::DbError;
use crate::seam::{Connected, Query, ReadTx};

/// What kiosks have put into their boxes is what their notes come to, each note once.
pub(super) struct Kiosks {
    boxes: CheckLine,
    sales: CheckLine,
    claims: CheckLine,
}

/// What came of a sale is as it was written down, or by its key where that was cut off.
impl Kiosks {
    pub(super) const fn new() -> Self {
        Self {
            boxes: CheckLine::new("what was sold into a cash box is what its notes come to"),
            sales: CheckLine::new("every sale of a kiosk is of its own card, box and notes"),
            claims: CheckLine::new("every settled claim has its money, and no note was also in another sale"),
        }
    }

    pub(super) fn lines(self) -> [CheckLine; 3] {
        [self.boxes, self.sales, self.claims]
    }

    pub(super) fn look(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        self.look_at_boxes(tx)?;
        self.look_at_sales(tx)?;
        self.look_at_claims(tx)
    }

    /// By purses of cash boxes: the top-ups that were sold into them, against the notes.
    fn look_at_boxes(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let sql = "select s.purse_id, cast(sum(n.value_minor) as bigint)
            from kiosk_sale as s
            join kiosk_note as n on n.key_hash = s.key_hash
            left join idempotency_key as k on k.key_hash = s.key_hash
            where coalesce(s.top_up_id, k.result) is not null
            group by s.purse_id";
        let notes = tx.query(sql, &[], |fields| Ok((fields.bits()?, fields.int()?)))?;
        let mut notes: BTreeMap<u64, i64> = notes.into_iter().collect();
        let sql = "select p.id, cast(coalesce(sum(t.pay_minor), 0) as bigint)
            from purse as p
            left join top_up as t on t.sold_by = p.id
            where p.kind = 2
            group by p.id";
        for (purse, sold) in tx.query(sql, &[], |fields| Ok((fields.bits()?, fields.int()?)))? {
            self.boxes.count();
            let put_in = notes.remove(&purse).unwrap_or(0);
            if put_in != sold {
                let purse = PurseId::from_u64(purse);
                self.boxes.find(|| format!("{purse}: {sold} minor units were sold, and its notes come to {put_in}"));
            }
        }
        for purse in notes.into_keys() {
            self.boxes.find(|| format!("{} has notes, and is no cash box", PurseId::from_u64(purse)));
        }
        Ok(())
    }

    fn look_at_sales(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let sql = "select
                coalesce(s.top_up_id, k.result),
                s.paid_minor,
                (select cast(coalesce(sum(n.value_minor), 0) as bigint) from kiosk_note as n where n.key_hash = s.key_hash),
                t.pay_minor,
                case when t.card_number = s.card_number and t.sold_by = s.purse_id and b.place_id = s.place_id then 1 else 0 end
            from kiosk_sale as s
            left join idempotency_key as k on k.key_hash = s.key_hash
            left join top_up as t on t.id = coalesce(s.top_up_id, k.result)
            left join cash_box as b on b.purse_id = s.purse_id";
        tx.stream(sql, &[], &mut |row| {
            let mut fields = row.fields();
            let sold = fields.opt_bits()?.map(TopUpId::from_u64);
            let (paid, notes, booked, own) = (fields.int()?, fields.int()?, fields.opt_int()?, fields.int()? == 1);
            self.sales.count();
            if paid != notes {
                self.sales.find(|| format!("a sale of {paid} minor units has notes of {notes}"));
            }
            if let Some(top_up) = sold
                && (booked != Some(paid) || !own)
            {
                self.sales.find(|| format!("{top_up} is of another sum, card or box than its kiosk's sale"));
            }
            Ok(())
        })
    }

    fn look_at_claims(&mut self, tx: &mut ReadTx<'_>) -> Result<(), DbError> {
        let sql = "select
                c.kiosk,
                c.running,
                c.settled_as,
                case when c.top_up_id is not null and t.id is not null then 1 else 0 end,
                case when n.running is null or s.top_up_id = c.top_up_id then 1 else 0 end
            from kiosk_claim as c
            left join top_up as t on t.id = c.top_up_id
            left join kiosk_note as n on n.kiosk = c.kiosk and n.running = c.running
            left join kiosk_sale as s on s.key_hash = n.key_hash
            where c.settled_at is not null";
        tx.stream(sql, &[], &mut |row| {
            let mut fields = row.fields();
            let kiosk = u32::try_from(fields.int()?).unwrap_or(u32::MAX);
            let running = fields.opt_bits()?.unwrap_or(0);
            let note = NoteNumber { kiosk, running };
            let how = fields.text()?;
            let (booked, alone) = (fields.int()? == 1, fields.int()? == 1);
            self.claims.count();
            // Nothing is settled for a note that was credited: it is where it belongs.
            let settled = if how == "nothing" { !booked } else { booked && alone };
            if !settled {
                self.claims
                    .find(|| format!("the claim of note {note} was settled as {how}, and its money says otherwise"));
            }
            Ok(())
        })
    }
}
