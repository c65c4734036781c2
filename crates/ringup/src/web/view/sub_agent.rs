//! What of commission goes between an agent, his parent and his sub-agents.

/// What an agent's commission is made of, where he is not alone.
#[derive(Clone, Debug)]
pub struct SharesPanel {
    /// What his own sales earned.
    pub own: String,
    /// What came up from his sub-agents; nothing when he has none.
    pub from_below: Option<String>,
    /// What went up; nothing when he has no parent.
    pub gone_up: Option<GoneUpRow>,
}

/// What went up to an agent's parent.
#[derive(Clone, Debug)]
pub struct GoneUpRow {
    /// The parent's company.
    pub parent: String,
    /// His code, and the share in words.
    pub terms: String,
    /// How much, below zero.
    pub amount: String,
}

/// A sub-agent, seen from above: sums, and nobody he sold to.
#[derive(Clone, Debug)]
pub struct SubAgentRow {
    /// The company.
    pub name: String,
    /// His code, and how he stands.
    pub state: String,
    /// What he sold, in words.
    pub sold: String,
    /// The share in words.
    pub terms: String,
    /// What came up.
    pub came_up: String,
    /// What of it came through him, in words; nothing when nothing did.
    pub through: Option<String>,
}
