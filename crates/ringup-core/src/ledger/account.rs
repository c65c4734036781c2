//! The chart of accounts.

use crate::card::CardNumber;
use crate::coded::coded_enum;
use crate::id::{GrantId, PaymentId, PurseId};
use crate::money::Unit;
use crate::payment::Provider;
use crate::purse::PurseKind;
use crate::shard::Shard;

coded_enum! {
    /// The two columns of a journal.
    Side {
        /// The left-hand column: what we have, and what it cost.
        Debit = 1, "debit";
        /// The right-hand column: what we owe, and what we earned.
        Credit = 2, "credit";
    }
}

coded_enum! {
    /// The accounts that the issuer keeps, per unit.
    AccountCode {
        /// Money the holder can spend.
        CardMain = 10, "card.main";
        /// Promotional value with an expiry.
        CardBonus = 11, "card.bonus";
        /// What an agent has paid in advance; below zero as far as his credit limit goes.
        FloatAgent = 12, "float.agent";
        /// Taken, and not on a card yet.
        LiabilityUnallocated = 20, "liability.unallocated";
        /// Owed back to a payer, and not sent yet.
        LiabilityRefund = 21, "liability.refund";
        /// What an agent has earned and not been paid. Below zero when what he was paid for was reversed.
        CommissionPayable = 22, "commission.payable";
        /// What Alipay owes us until it pays out.
        ClearingAlipay = 30, "clearing.alipay";
        /// What WeChat Pay owes us until it pays out.
        ClearingWechatPay = 31, "clearing.wechat_pay";
        /// In the drawer of a till.
        CashTill = 32, "cash.till";
        /// In the cash box of a kiosk.
        CashKiosk = 33, "cash.kiosk";
        /// In the safe of a store. Below zero when more was taken out than anyone wrote down putting in.
        CashSafe = 34, "cash.safe";
        /// Cash on its way to the bank.
        CashTransit = 35, "cash.transit";
        /// At the bank.
        Bank = 36, "bank";
        /// What cards carried when they came from another system.
        OpeningBalance = 40, "opening.balance";
        /// What promotions cost.
        ExpensePromotion = 50, "expense.promotion";
        /// What was refunded although the card had spent it.
        ExpenseRefundLoss = 51, "expense.refund_loss";
        /// What agents have earned.
        ExpenseCommission = 52, "expense.commission";
        /// Earned by calls.
        IncomeUsage = 60, "income.usage";
        /// Bonus value that lapsed unspent.
        IncomeBreakage = 61, "income.breakage";
        /// What drawers and cash boxes had too little; below zero for too much.
        SuspenseOverShort = 70, "suspense.over_short";
    }
}

/// What kind of thing an account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerKind {
    /// A card.
    Card,
    /// One bonus given to a card.
    Grant,
    /// A payment.
    Payment,
    /// A purse.
    Purse,
    /// A day, in each shard: so that no row is written by everyone. Summed when read.
    Day,
}

impl AccountCode {
    /// The column in which it grows.
    #[must_use]
    pub const fn side(self) -> Side {
        match self {
            Self::CardMain
            | Self::CardBonus
            | Self::FloatAgent
            | Self::LiabilityUnallocated
            | Self::LiabilityRefund
            | Self::CommissionPayable
            | Self::IncomeUsage
            | Self::IncomeBreakage => Side::Credit,
            Self::ClearingAlipay
            | Self::ClearingWechatPay
            | Self::CashTill
            | Self::CashKiosk
            | Self::CashSafe
            | Self::CashTransit
            | Self::Bank
            | Self::OpeningBalance
            | Self::ExpensePromotion
            | Self::ExpenseRefundLoss
            | Self::ExpenseCommission
            | Self::SuspenseOverShort => Side::Debit,
        }
    }

    /// What it belongs to.
    #[must_use]
    pub const fn owner_kind(self) -> OwnerKind {
        match self {
            Self::CardMain => OwnerKind::Card,
            Self::CardBonus => OwnerKind::Grant,
            Self::LiabilityUnallocated | Self::LiabilityRefund => OwnerKind::Payment,
            Self::FloatAgent
            | Self::CommissionPayable
            | Self::CashTill
            | Self::CashKiosk
            | Self::CashSafe
            | Self::SuspenseOverShort => OwnerKind::Purse,
            Self::ClearingAlipay
            | Self::ClearingWechatPay
            | Self::CashTransit
            | Self::Bank
            | Self::OpeningBalance
            | Self::ExpensePromotion
            | Self::ExpenseRefundLoss
            | Self::ExpenseCommission
            | Self::IncomeUsage
            | Self::IncomeBreakage => OwnerKind::Day,
        }
    }

    /// Whether it may never be below zero. How far a float may go stands in its purse.
    #[must_use]
    pub const fn has_floor(self) -> bool {
        match self {
            Self::CardMain
            | Self::CardBonus
            | Self::LiabilityUnallocated
            | Self::LiabilityRefund
            | Self::CashTill
            | Self::CashKiosk => true,
            Self::FloatAgent
            | Self::CommissionPayable
            | Self::ExpenseCommission
            | Self::ClearingAlipay
            | Self::ClearingWechatPay
            | Self::CashSafe
            | Self::CashTransit
            | Self::Bank
            | Self::OpeningBalance
            | Self::ExpensePromotion
            | Self::ExpenseRefundLoss
            | Self::IncomeUsage
            | Self::IncomeBreakage
            | Self::SuspenseOverShort => false,
        }
    }

    /// Whether it is what a purse holds, and stands in the purse's row.
    #[must_use]
    pub const fn is_held_by_purse(self) -> bool {
        match self.owner_kind() {
            OwnerKind::Purse => !matches!(self, Self::SuspenseOverShort | Self::CommissionPayable),
            OwnerKind::Card | OwnerKind::Grant | OwnerKind::Payment | OwnerKind::Day => false,
        }
    }

    /// The clearing account of a provider.
    #[must_use]
    pub const fn clearing(provider: Provider) -> Self {
        match provider {
            Provider::Alipay => Self::ClearingAlipay,
            Provider::WechatPay => Self::ClearingWechatPay,
        }
    }
}

/// Whose account a line of a recipe means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A card's.
    Card(CardNumber),
    /// A grant's.
    Grant(GrantId),
    /// A payment's.
    Payment(PaymentId),
    /// A purse's.
    Purse(PurseId),
    /// That of the day on which it is booked.
    Today,
}

/// An account as a recipe names it; unit, shard and day follow when it is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRef {
    /// Which of the chart.
    pub code: AccountCode,
    /// Whose.
    pub owner: Owner,
}

impl AccountRef {
    /// The card's own money.
    #[must_use]
    pub const fn card_main(card: CardNumber) -> Self {
        Self { code: AccountCode::CardMain, owner: Owner::Card(card) }
    }

    /// One bonus of a card.
    #[must_use]
    pub const fn card_bonus(grant: GrantId) -> Self {
        Self { code: AccountCode::CardBonus, owner: Owner::Grant(grant) }
    }

    /// Taken by this payment, and not on a card yet.
    #[must_use]
    pub const fn unallocated(payment: PaymentId) -> Self {
        Self { code: AccountCode::LiabilityUnallocated, owner: Owner::Payment(payment) }
    }

    /// Owed back to the payer of this payment.
    #[must_use]
    pub const fn owed_back(payment: PaymentId) -> Self {
        Self { code: AccountCode::LiabilityRefund, owner: Owner::Payment(payment) }
    }

    /// What a provider owes us.
    #[must_use]
    pub const fn clearing(provider: Provider) -> Self {
        Self { code: AccountCode::clearing(provider), owner: Owner::Today }
    }

    /// What a purse holds.
    #[must_use]
    pub const fn purse(kind: PurseKind, id: PurseId) -> Self {
        Self { code: kind.account(), owner: Owner::Purse(id) }
    }

    /// What a purse had too little or too much.
    #[must_use]
    pub const fn over_short(id: PurseId) -> Self {
        Self { code: AccountCode::SuspenseOverShort, owner: Owner::Purse(id) }
    }

    /// What the owner of a float has earned.
    #[must_use]
    pub const fn commission_payable(id: PurseId) -> Self {
        Self { code: AccountCode::CommissionPayable, owner: Owner::Purse(id) }
    }

    /// One of the issuer's own accounts, kept by day.
    #[must_use]
    pub const fn of_today(code: AccountCode) -> Self {
        Self { code, owner: Owner::Today }
    }
}

/// The key of an account's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    /// Where the row lives.
    pub shard: Shard,
    /// Which of the chart.
    pub code: AccountCode,
    /// Whose: a card's number, the id of a grant, payment or purse, or a day since 1970 in China.
    pub owner: u64,
    /// Counted in what.
    pub unit: Unit,
}
