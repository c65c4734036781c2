//! Carries notifications to the merchant: by the provider's schedule, with the faults that are switched on.

use std::{sync::Arc, time::Duration};

use crate::{
    alipay,
    app::App,
    fault::{AMOUNT_CHANGE_MINOR, AmountOutcome, Family, Fault, Place},
    limits,
    order::{Attempt, Provider},
    wechat_pay,
    world::Event,
};

/// A notification as it goes over the wire.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SignedNotification {
    /// Where it goes.
    pub url: String,
    /// Its headers, the content type among them.
    pub headers: Vec<(String, String)>,
    /// Its body, byte for byte as it was signed.
    pub body: String,
}

/// What is wrong with a notification on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Twist {
    /// Signed by a key that is nobody's.
    pub is_forged: bool,
    /// Names this amount (fen) instead of the true one.
    pub amount_minor: Option<u64>,
    /// Carries WeChat Pay's test signature.
    pub is_probe: bool,
}

impl Twist {
    fn name(self) -> Option<&'static str> {
        match self {
            Self { is_probe: true, .. } => Some("probe"),
            Self { is_forged: true, .. } => Some("forged"),
            Self { amount_minor: Some(_), .. } => Some("amount_changed"),
            Self { .. } => None,
        }
    }
}

/// Sends an event until it is acknowledged or the schedule ends.
pub(crate) fn dispatch(app: &Arc<App>, event: Event) {
    let app = Arc::clone(app);
    let runtime = app.runtime.clone();
    runtime.spawn(async move {
        if sign(&app, &event, Twist::default()).is_none() {
            return; // The merchant named no address.
        }
        let pauses: &[u64] = match event.order.request.provider {
            Provider::Alipay => &limits::ALIPAY_RETRY_SECONDS,
            Provider::WechatPay => &limits::WECHAT_PAY_RETRY_SECONDS,
        };
        let mut pauses = pauses.iter();
        while !send_once(&app, &event).await {
            let Some(&pause) = pauses.next() else { return };
            tokio::time::sleep(app.scaled(Duration::from_secs(pause))).await;
        }
    });
}

/// Sends an event now, outside the schedule.
pub(crate) async fn send_again(app: &Arc<App>, event: &Event, twist: Twist) -> Option<Attempt> {
    let notification = sign(app, event, twist)?;
    Some(deliver(app, event, notification, twist).await)
}

/// The notification of an event, or none if the merchant named no address for it.
pub(crate) fn sign(app: &App, event: &Event, twist: Twist) -> Option<SignedNotification> {
    match event.order.request.provider {
        Provider::Alipay => alipay::notification(app, event, twist),
        Provider::WechatPay => wechat_pay::notification(app, event, twist),
    }
}

/// One send of the schedule with its faults. Whether the merchant acknowledged it.
async fn send_once(app: &Arc<App>, event: &Event) -> bool {
    let plan = Plan::draw(app, event);
    if plan.is_lost {
        record(app, event, Attempt { twist: Some("lost"), ..attempt(app, event) });
        return false;
    }
    tokio::time::sleep(plan.late).await;
    if plan.is_reordered {
        // Nothing else may come: then the merchant gets it late.
        let _ = tokio::time::timeout(app.scaled(limits::REORDER_WAIT), app.passed.notified()).await;
    }
    let mut is_acknowledged = false;
    for _ in 0..plan.times {
        let Some(notification) = sign(app, event, plan.twist) else { return true };
        is_acknowledged |= deliver(app, event, notification, plan.twist).await.acknowledged;
    }
    is_acknowledged
}

/// What happens to one send.
struct Plan {
    is_lost: bool,
    late: Duration,
    times: u32,
    is_reordered: bool,
    twist: Twist,
}

impl Plan {
    fn draw(app: &Arc<App>, event: &Event) -> Self {
        let request = &event.order.request;
        let mut plan =
            Self { is_lost: false, late: Duration::ZERO, times: 1, is_reordered: false, twist: Twist::default() };
        let changed = event.order.amount_minor().saturating_add(AMOUNT_CHANGE_MINOR);
        match AmountOutcome::of(request.total_minor) {
            Some(AmountOutcome::NotificationLost) => plan.is_lost = true,
            Some(AmountOutcome::NotificationTwice) => plan.times = 2,
            Some(AmountOutcome::NotificationLate) => plan.late = app.scaled(limits::LATE_BY_AMOUNT),
            Some(AmountOutcome::AmountChanged) => plan.twist.amount_minor = Some(changed),
            _ => {}
        }
        let place = Place { provider: request.provider, out_trade_no: Some(&request.out_trade_no), operation: None };
        let faults = app.with_world(|world, _| world.switches.take(Family::Notification, &place));
        for fault in faults {
            match fault {
                Fault::NotificationLost => plan.is_lost = true,
                Fault::NotificationLate { ms } => plan.late = Duration::from_millis(ms),
                Fault::NotificationRepeated { times } => plan.times = times.min(limits::NOTIFY_AGAIN_MAX),
                Fault::NotificationReordered => plan.is_reordered = true,
                Fault::NotificationForged => plan.twist.is_forged = true,
                Fault::NotificationAmountChanged { amount_minor } => {
                    plan.twist.amount_minor = Some(amount_minor.unwrap_or(changed));
                }
                Fault::NotificationProbe => plan.twist.is_probe = true,
                _ => {}
            }
        }
        plan
    }
}

async fn deliver(app: &Arc<App>, event: &Event, notification: SignedNotification, twist: Twist) -> Attempt {
    // The semaphore is never closed; were it, sending without a place would be right all the same.
    let _place = app.deliveries.acquire().await;
    let mut request = app.http.post(&notification.url).body(notification.body);
    for (name, value) in &notification.headers {
        request = request.header(name, value);
    }
    let mut attempt = Attempt { twist: twist.name(), ..attempt(app, event) };
    match request.send().await {
        Ok(response) => {
            let status = response.status().as_u16();
            let answer = read_answer(response).await;
            attempt.acknowledged = match event.order.request.provider {
                // Alipay wants these seven bytes and nothing else; WeChat Pay looks at the status only.
                Provider::Alipay => status == 200 && answer == "success",
                Provider::WechatPay => matches!(status, 200 | 204),
            };
            (attempt.status, attempt.answer) = (Some(status), answer);
        }
        Err(error) => attempt.answer = error.to_string(),
    }
    record(app, event, attempt.clone());
    app.passed.notify_waiters();
    attempt
}

/// The first part of the merchant's answer.
async fn read_answer(mut response: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= limits::ANSWER_BYTES_MAX {
            bytes.truncate(limits::ANSWER_BYTES_MAX);
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn attempt(app: &App, event: &Event) -> Attempt {
    Attempt {
        event_id: event.id.clone(),
        event: event.kind.clone(),
        at: app.now(),
        twist: None,
        status: None,
        answer: String::new(),
        acknowledged: false,
    }
}

fn record(app: &Arc<App>, event: &Event, attempt: Attempt) {
    let key = (event.order.request.provider, event.order.request.out_trade_no.clone());
    app.with_world(|world, _| world.record_attempt(&key, attempt));
}

#[cfg(test)]
mod tests;
