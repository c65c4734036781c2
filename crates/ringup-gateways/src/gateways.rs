//! The door to the providers: chooses the adapter, sends what it builds, and has it read what comes back.

use ringup_core::id::{PaymentId, RefundId};
use ringup_core::notice::{MobileNumber, ParseMobileError};
use ringup_core::payment::{OrderNumber, PayMethod, PaymentWord, Provider, RefundWord};
use ringup_core::time::Timestamp;
use tokio::sync::mpsc;

use crate::alipay::{self, Alipay};
use crate::config::{ConfigError, GatewaysConfig};
use crate::http::HttpClient;
use crate::mail::{Letter, MailError, MailServer};
use crate::notification::{IncomingNotification, Notification, NotificationError};
use crate::order::{Cancelled, Closed, CodeTaken, CreatePayment, Created, GatewayError, Nonce, PayByCode, RefundOrder};
use crate::sms::{SmsCentre, SmsError, SmsReport, TextMessage};
use crate::wechat_pay::{self, WechatPay};

/// Every provider that is set up, and the one HTTP client. Share it by reference; nothing in it is per call.
#[derive(Debug)]
pub struct Gateways {
    http: HttpClient,
    alipay: Option<Alipay>,
    wechat_pay: Option<WechatPay>,
    mail: Option<MailServer>,
    sms: Option<SmsCentre>,
}

impl Gateways {
    /// Reads all keys, once.
    ///
    /// # Errors
    /// [`ConfigError`], with the setting that is wrong.
    pub fn new(config: &GatewaysConfig) -> Result<Self, ConfigError> {
        Ok(Self {
            http: HttpClient::new()?,
            alipay: config.alipay.as_ref().map(Alipay::new).transpose()?,
            wechat_pay: config.wechat_pay.as_ref().map(WechatPay::new).transpose()?,
            mail: config.mail.as_ref().map(MailServer::new).transpose()?,
            sms: config.sms.as_ref().map(SmsCentre::new).transpose()?,
        })
    }

    /// Whether this provider is set up here.
    #[must_use]
    pub const fn offers(&self, provider: Provider) -> bool {
        match provider {
            Provider::Alipay => self.alipay.is_some(),
            Provider::WechatPay => self.wechat_pay.is_some(),
        }
    }

    /// Whether there is a mail server.
    #[must_use]
    pub const fn sends_mail(&self) -> bool {
        self.mail.is_some()
    }

    /// Hands a letter to the mail server, once.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn send_letter(&self, letter: &Letter) -> Result<(), MailError> {
        self.mail.as_ref().ok_or(MailError::NoServer)?.send(letter).await
    }

    /// Whether there is an SMS centre.
    #[must_use]
    pub const fn sends_texts(&self) -> bool {
        self.sms.is_some()
    }

    /// Reads a mobile number as people write it, of a country that texts are sent to; nothing where there is no SMS centre.
    ///
    /// # Errors
    /// [`ParseMobileError`].
    pub fn read_mobile(&self, typed: &str) -> Option<Result<MobileNumber, ParseMobileError>> {
        self.sms.as_ref().map(|centre| centre.number(typed))
    }

    /// Hands a text message to the SMS centre, once; answers the centre's own number of it, by which it reports what became of it.
    ///
    /// # Errors
    /// [`SmsError`]. After [`SmsError::Unanswered`] it may have been sent.
    pub async fn send_text(&self, message: &TextMessage, now: Timestamp) -> Result<String, SmsError> {
        self.sms.as_ref().ok_or(SmsError::NoCentre)?.send(message, now).await
    }

    /// Sees that the SMS centre can bring its reports.
    ///
    /// # Errors
    /// [`SmsError`].
    pub async fn keep_sms_bound(&self, now: Timestamp) -> Result<(), SmsError> {
        self.sms.as_ref().ok_or(SmsError::NoCentre)?.keep_bound(now).await
    }

    /// What the SMS centre reports, for the one who asks first; nothing where there is none.
    #[must_use]
    pub fn sms_reports(&self) -> Option<mpsc::Receiver<SmsReport>> {
        self.sms.as_ref()?.reports()
    }

    /// Has the provider make an order. Making the same order again is harmless: the provider knows it by its number.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn create(
        &self,
        provider: Provider,
        payment: &CreatePayment,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<Created, GatewayError> {
        match provider {
            Provider::Alipay => {
                let alipay = self.alipay()?;
                if payment.method == PayMethod::Code {
                    return Err(GatewayError::Unsupported);
                }
                if payment.method != PayMethod::Qr {
                    return alipay::page_url(alipay, payment, now).map(Created::HandOver);
                }
                let response = self.http.send(alipay::create(alipay, payment, now)?).await?;
                alipay::read_create(alipay, payment, &response)
            }
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay()?;
                let response = self.http.send(wechat_pay::create(wechat_pay, payment, now, nonce)?).await?;
                wechat_pay::read_create(wechat_pay, payment, &response, now, nonce)
            }
        }
    }

    /// Asks what the provider knows of an order.
    ///
    /// # Errors
    /// [`GatewayError`]. An answer about another order, merchant, app or currency is [`GatewayError::Unknown`].
    pub async fn query(
        &self,
        provider: Provider,
        order: impl Into<OrderNumber>,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<PaymentWord, GatewayError> {
        let order = order.into();
        match provider {
            Provider::Alipay => {
                let alipay = self.alipay()?;
                let response = self.http.send(alipay::query(alipay, order, now)?).await?;
                alipay::read_query(alipay, order, &response, now)
            }
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay()?;
                let response = self.http.send(wechat_pay::query(wechat_pay, order, now, nonce)?).await?;
                wechat_pay::read_query(wechat_pay, order, &response, now)
            }
        }
    }

    /// Has the provider close an unpaid order.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn close(
        &self,
        provider: Provider,
        order: impl Into<OrderNumber>,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<Closed, GatewayError> {
        let order = order.into();
        match provider {
            Provider::Alipay => {
                let alipay = self.alipay()?;
                let response = self.http.send(alipay::close(alipay, order, now)?).await?;
                alipay::read_close(alipay, order, &response)
            }
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay()?;
                let response = self.http.send(wechat_pay::close(wechat_pay, order, now, nonce)?).await?;
                wechat_pay::read_close(wechat_pay, &response, now)
            }
        }
    }

    /// Has the provider take the money of the payer whose code was scanned. To be sent once: the code is good for one payment,
    /// and what is not known afterwards is asked.
    ///
    /// # Errors
    /// [`GatewayError`]. After [`GatewayError::Unknown`] ask with [`Self::query_by_code`].
    pub async fn pay_by_code(
        &self,
        provider: Provider,
        payment: &PayByCode,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<CodeTaken, GatewayError> {
        match provider {
            Provider::Alipay => {
                let alipay = self.alipay()?;
                let response = self.http.send(alipay::pay_by_code(alipay, payment, now)?).await?;
                alipay::read_pay_by_code(alipay, payment, &response, now)
            }
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay()?;
                let response = self.http.send(wechat_pay::pay_by_code(wechat_pay, payment, now, nonce)?).await?;
                wechat_pay::read_pay_by_code(wechat_pay, payment, &response, now)
            }
        }
    }

    /// Asks what the provider knows of a payment by code.
    ///
    /// # Errors
    /// As for [`Self::query`].
    pub async fn query_by_code(
        &self,
        provider: Provider,
        payment: PaymentId,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<PaymentWord, GatewayError> {
        match provider {
            Provider::Alipay => {
                let alipay = self.alipay()?;
                let response = self.http.send(alipay::query(alipay, payment, now)?).await?;
                alipay::read_query_by_code(alipay, payment, &response, now)
            }
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay()?;
                let response = self.http.send(wechat_pay::query(wechat_pay, payment, now, nonce)?).await?;
                wechat_pay::read_query_by_code(wechat_pay, payment, &response, now)
            }
        }
    }

    /// Has the provider cancel a payment by code: an unpaid one is closed, what was paid for a paid one is given back.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn cancel(
        &self,
        provider: Provider,
        payment: PaymentId,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<Cancelled, GatewayError> {
        match provider {
            Provider::Alipay => {
                let alipay = self.alipay()?;
                let response = self.http.send(alipay::cancel(alipay, payment, now)?).await?;
                alipay::read_cancel(alipay, payment, &response)
            }
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay()?;
                let response = self.http.send(wechat_pay::reverse(wechat_pay, payment, now, nonce)?).await?;
                wechat_pay::read_reverse(wechat_pay, payment, &response, now)
            }
        }
    }

    /// Asks what became of a payment by code that has just been cancelled.
    ///
    /// # Errors
    /// As for [`Self::query`].
    pub async fn query_cancelled(
        &self,
        provider: Provider,
        payment: PaymentId,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<PaymentWord, GatewayError> {
        match provider {
            Provider::Alipay => self.query_by_code(provider, payment, now, nonce).await,
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay()?;
                let response = self.http.send(wechat_pay::query(wechat_pay, payment, now, nonce)?).await?;
                wechat_pay::read_query_reversed(wechat_pay, payment, &response, now)
            }
        }
    }

    /// Orders a refund. Ordering it again under the same number is harmless: the money moves once.
    ///
    /// # Errors
    /// [`GatewayError`]. After [`GatewayError::Unknown`] ask with [`Self::query_refund`].
    pub async fn refund(
        &self,
        provider: Provider,
        order: &RefundOrder,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<RefundWord, GatewayError> {
        match provider {
            Provider::Alipay => {
                let alipay = self.alipay()?;
                let response = self.http.send(alipay::refund(alipay, order, now)?).await?;
                alipay::read_refund(alipay, order, &response, now)
            }
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay()?;
                let response = self.http.send(wechat_pay::refund(wechat_pay, order, now, nonce)?).await?;
                wechat_pay::read_refund(wechat_pay, order, &response, now)
            }
        }
    }

    /// Asks what the provider knows of a refund. After [`RefundWord::NotFound`] it may be ordered again, under the same
    /// number.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn query_refund(
        &self,
        provider: Provider,
        refund: RefundId,
        payment: PaymentId,
        now: Timestamp,
        nonce: &Nonce,
    ) -> Result<RefundWord, GatewayError> {
        match provider {
            Provider::Alipay => {
                let alipay = self.alipay()?;
                let response = self.http.send(alipay::query_refund(alipay, refund, payment, now)?).await?;
                alipay::read_query_refund(alipay, refund, payment, &response, now)
            }
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay()?;
                let response = self.http.send(wechat_pay::query_refund(wechat_pay, refund, now, nonce)?).await?;
                wechat_pay::read_query_refund(wechat_pay, refund, payment, &response, now)
            }
        }
    }

    /// Fetches WeChat Pay's platform certificates and believes them from now on; says how many. To be called at the start
    /// and then at least every 12 hours. A merchant that has only WeChat Pay's public key needs none, and is refused.
    ///
    /// # Errors
    /// [`GatewayError`]; what was held before is kept.
    pub async fn refresh_certificates(&self, now: Timestamp, nonce: &Nonce) -> Result<usize, GatewayError> {
        let wechat_pay = self.wechat_pay()?;
        let response = self.http.send(wechat_pay::certificates(wechat_pay, now, nonce)?).await?;
        let certificates = wechat_pay::read_certificates(wechat_pay, &response, now)?;
        let count = certificates.len();
        wechat_pay.keep_certificates(certificates);
        Ok(count)
    }

    /// Reads a provider's notification: proves who sent it and that it is about our merchant, app and order. Whether its
    /// amount is the right one is for the books to say.
    ///
    /// # Errors
    /// [`NotificationError`], the first that applies. From a provider that is not set up nothing is believed:
    /// [`NotificationError::SignatureWrong`].
    pub fn read_notification(
        &self,
        provider: Provider,
        incoming: IncomingNotification<'_>,
        now: Timestamp,
    ) -> Result<Notification, NotificationError> {
        match provider {
            Provider::Alipay => {
                let alipay = self.alipay.as_ref().ok_or(NotificationError::SignatureWrong)?;
                alipay::read_notification(alipay, &incoming, now)
            }
            Provider::WechatPay => {
                let wechat_pay = self.wechat_pay.as_ref().ok_or(NotificationError::SignatureWrong)?;
                wechat_pay::read_notification(wechat_pay, &incoming, now)
            }
        }
    }

    fn alipay(&self) -> Result<&Alipay, GatewayError> {
        self.alipay.as_ref().ok_or(GatewayError::Unsupported)
    }

    fn wechat_pay(&self) -> Result<&WechatPay, GatewayError> {
        self.wechat_pay.as_ref().ok_or(GatewayError::Unsupported)
    }
}

#[cfg(test)]
mod tests;
