use ringup_core::id::NotificationId;
use ringup_core::payment::Provider;

use super::{BODY_MAX, OddNotification, insert_notification, recent_notifications};
use crate::testing::{given_a_database, start};

#[test]
fn an_odd_notification_is_kept_as_it_came_up_to_a_length() {
    let test = given_a_database();
    let odd = |id, body: Vec<u8>, reference: Option<&str>| OddNotification {
        id: NotificationId::from_u64(id),
        provider: Provider::WechatPay,
        received_at: start(),
        code: "signature".to_owned(),
        reference: reference.map(str::to_owned),
        body,
    };
    let first = odd(1, vec![0, 159, 146, 150], None);
    let long = odd(2, vec![b'x'; BODY_MAX + 1], Some("pay0000000000001"));
    test.write(|tx| {
        insert_notification(tx, &first)?;
        Ok(insert_notification(tx, &long)?)
    });
    let found = test.read(|tx| recent_notifications(tx, 9));
    assert_eq!(found, [OddNotification { body: vec![b'x'; BODY_MAX], ..long }, first]);
}
