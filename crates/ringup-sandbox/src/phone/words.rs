//! The phone's words, in both languages.

use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};

use crate::order::Provider;

/// What the payer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The one that the link names, else the one that the browser prefers.
    pub fn choose(named: Option<&str>, headers: &HeaderMap) -> Self {
        let preferred = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match named.unwrap_or(preferred).trim_start().to_lowercase().starts_with("zh") {
            true => Self::Chinese,
            false => Self::English,
        }
    }

    /// Its code in links and in the page.
    pub fn code(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Chinese => Self::English,
            Self::English => Self::Chinese,
        }
    }

    /// The words of this language.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Chinese => &CHINESE,
            Self::English => &ENGLISH,
        }
    }
}

/// Every text of the phone.
pub struct Words {
    pub own_name: &'static str,
    pub alipay: &'static str,
    pub wechat_pay: &'static str,
    pub badge: &'static str,
    pub asking: &'static str,
    pub merchant: &'static str,
    pub description: &'static str,
    pub number: &'static str,
    pub pay: &'static str,
    pub decline: &'static str,
    pub leave: &'static str,
    pub again: &'static str,
    pub paid: &'static str,
    pub paid_hint: &'static str,
    pub declined: &'static str,
    pub declined_hint: &'static str,
    pub left: &'static str,
    pub left_hint: &'static str,
    pub closed: &'static str,
    pub closed_hint: &'static str,
    pub expired: &'static str,
    pub expired_hint: &'static str,
    pub unknown: &'static str,
    pub unknown_hint: &'static str,
    pub code_title: &'static str,
    pub code_hint: &'static str,
    pub code_pays: &'static str,
    pub code_confirms: &'static str,
    pub code_lacks: &'static str,
    pub code_confirm: &'static str,
    pub back: &'static str,
    pub footer: &'static str,
}

impl Words {
    /// The provider by name.
    pub fn provider(&self, provider: Provider) -> &'static str {
        match provider {
            Provider::Alipay => self.alipay,
            Provider::WechatPay => self.wechat_pay,
        }
    }
}

const CHINESE: Words = Words {
    own_name: "中文",
    alipay: "支付宝",
    wechat_pay: "微信支付",
    badge: "沙箱",
    asking: "确认付款",
    merchant: "收款方",
    description: "商品",
    number: "订单号",
    pay: "支付",
    decline: "拒绝付款",
    leave: "先不付",
    again: "返回付款",
    paid: "支付成功",
    paid_hint: "款项已付给商户。",
    declined: "付款未成功",
    declined_hint: "这笔付款被拒绝，没有扣款。您可以再试一次。",
    left: "您还没有付款",
    left_hint: "订单还在，您可以稍后再付。",
    closed: "订单已关闭",
    closed_hint: "没有扣款。请回到商户重新下单。",
    expired: "二维码已过期",
    expired_hint: "没有扣款。请回到商户重新获取二维码。",
    unknown: "找不到这笔订单",
    unknown_hint: "请检查链接，或重新扫码。",
    code_title: "付款码",
    code_hint: "请店员扫码收款。付款码一分钟内有效，只能用一次。",
    code_pays: "显示付款码",
    code_confirms: "显示付款码（需要确认付款）",
    code_lacks: "显示付款码（余额不足）",
    code_confirm: "确认付款：",
    back: "返回商户",
    footer: "这是测试环境，模拟付款人的手机，不会动用真实资金。",
};

const ENGLISH: Words = Words {
    own_name: "English",
    alipay: "Alipay",
    wechat_pay: "WeChat Pay",
    badge: "Sandbox",
    asking: "Confirm the payment",
    merchant: "Paid to",
    description: "For",
    number: "Order",
    pay: "Pay",
    decline: "Decline",
    leave: "Not now",
    again: "Back to the payment",
    paid: "Paid",
    paid_hint: "The merchant has the money.",
    declined: "The payment did not go through",
    declined_hint: "It was declined. Nothing was taken. You can try again.",
    left: "You have not paid",
    left_hint: "The order is still open. You can pay later.",
    closed: "This order is closed",
    closed_hint: "Nothing was taken. Go back to the merchant and order again.",
    expired: "This code has expired",
    expired_hint: "Nothing was taken. Go back to the merchant for a new one.",
    unknown: "There is no such order",
    unknown_hint: "Check the link, or scan the code again.",
    code_title: "Payment code",
    code_hint: "Let the clerk scan it. It is good for one minute, and for one payment.",
    code_pays: "Show a payment code",
    code_confirms: "Show one that asks me to confirm",
    code_lacks: "Show one without enough money",
    code_confirm: "Confirm",
    back: "Back to the merchant",
    footer: "A test environment that plays the payer’s phone. No real money moves.",
};
