use std::fmt;

use ringup_core::notice::{EmailAddress, MobileNumber, NoticeKind};

/// What a receipt says when it is sent by e-mail, in its own language.
#[derive(Clone, Debug)]
pub struct Wording {
    /// What the mail is about.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As a page.
    pub html: String,
}

/// A receipt with its address.
#[derive(Clone)]
pub enum Message {
    /// By e-mail.
    Mail {
        /// To whom.
        to: EmailAddress,
        /// What it says.
        wording: Wording,
    },
    /// As a text message.
    Text {
        /// To whom.
        to: MobileNumber,
        /// What it says.
        text: String,
    },
}

/// Between the parts: no address and no page has one.
const JOINT: char = '\0';

impl Message {
    pub(super) fn kind(&self) -> NoticeKind {
        match self {
            Self::Mail { .. } => NoticeKind::Email,
            Self::Text { .. } => NoticeKind::Sms,
        }
    }

    /// Where it goes.
    pub(super) fn address(&self) -> &str {
        match self {
            Self::Mail { to, .. } => to.reveal(),
            Self::Text { to, .. } => to.reveal(),
        }
    }

    /// The same, all but hidden.
    pub(super) fn masked(&self) -> String {
        match self {
            Self::Mail { to, .. } => to.masked(),
            Self::Text { to, .. } => to.masked(),
        }
    }

    pub(super) fn pack(&self) -> Vec<u8> {
        let joint = JOINT.to_string();
        let packed = match self {
            Self::Mail { to, wording: Wording { subject, text, html } } => {
                [to.reveal(), subject, text, html].join(&joint)
            }
            Self::Text { to, text } => [to.reveal(), text].join(&joint),
        };
        packed.into_bytes()
    }

    /// What was packed; nothing when it was something else.
    pub(super) fn unpack(kind: NoticeKind, bytes: Vec<u8>) -> Option<Self> {
        let packed = String::from_utf8(bytes).ok()?;
        let parts: Vec<String> = packed.split(JOINT).map(str::to_owned).collect();
        match kind {
            NoticeKind::Email => {
                let [to, subject, text, html] = parts.try_into().ok()?;
                let to = EmailAddress::parse(&to).ok()?;
                Some(Self::Mail { to, wording: Wording { subject, text, html } })
            }
            NoticeKind::Sms => {
                let [to, text] = parts.try_into().ok()?;
                Some(Self::Text { to: MobileNumber::from_e164(&to).ok()?, text })
            }
        }
    }
}

/// The text opens the receipt.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.kind())
    }
}
