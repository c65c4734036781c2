use ringup_core::apply::Command;
use ringup_core::payment::Provider;
use ringup_core::secret::Secret;
use ringup_gateways::{AlipayConfig, AlipayTrust, Gateways, GatewaysConfig, IncomingNotification, Notification};
use ringup_sandbox::DemoKeys;

use super::notifications;
use crate::bench::effort::Effort;
use crate::bench::load::RequestFile;
use crate::bench::store::{Kind, Store};
use crate::bench::world::{Offer, PAID_AT, WorldSpec};

#[test]
fn the_gateway_reads_from_a_signed_notification_the_very_command_that_the_lane_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Kind::Sqlite, folder.path()).unwrap();
    let world = store.world(WorldSpec { cards: 10, offer: Offer::Promoted, placed: 20 }).unwrap();
    let keys = DemoKeys::generate().unwrap().alipay;
    let effort = Effort { notifications: 3, ..Effort::QUICK };
    let (file, order) = notifications(&store, &world, &effort, &keys).unwrap();
    let gateways = Gateways::new(&GatewaysConfig {
        alipay: Some(AlipayConfig {
            gateway_url: "http://127.0.0.1:9/gateway.do".to_owned(),
            app_id: keys.app_id,
            seller_id: keys.seller_id,
            private_key: Secret::new(keys.merchant_private_key),
            trust: AlipayTrust::PublicKey(keys.platform_public_key),
        }),
        ..GatewaysConfig::default()
    })
    .unwrap();
    let requests = RequestFile::read(&file).unwrap();
    for (position, placed) in order.iter().enumerate().take(3) {
        let request = String::from_utf8(requests.get(position, false).unwrap().to_vec()).unwrap();
        let (_, body) = request.split_once("\r\n\r\n").unwrap();
        let incoming = IncomingNotification { headers: &[], body: body.as_bytes() };
        let read = gateways.read_notification(Provider::Alipay, incoming, PAID_AT);
        let Ok(Notification::Payment(report)) = read else { panic!("{read:?}") };
        assert_eq!(Command::RecordPayment(report), placed.report().unwrap());
    }
    assert!(requests.get(3, false).is_none());
}
