// The checks that the WeChat Pay SDK for Node makes.
import { Aes, Formatter, Rsa, Wechatpay } from 'wechatpay-axios-plugin';

import { changeOneByte, equal, refused } from './harness.mjs';

export function wechatPayChecks({ keys, relay, sandbox, notifyUrl }) {
  const certs = {
    [keys.platformPublicKeyId]: keys.platformPublicKey,
    [keys.platformCertificateSerial]: keys.platformCertificate,
  };
  const open = (headers = {}) => new Wechatpay({
    mchid: keys.mchid,
    serial: keys.merchantSerial,
    privateKey: Rsa.from(keys.merchantPrivateKey),
    certs,
    baseURL: relay.url,
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...headers },
  });
  const sdk = open();
  const number = `SDK${Date.now()}`;
  const { mchid } = keys;
  const query = (wxpay = sdk) => wxpay.v3.pay.transactions.outTradeNo['{number}'].get({ params: { mchid }, number });
  const native = (out_trade_no) => sdk.v3.pay.transactions.native.post({
    appid: keys.appid, mchid, description: '充值 95.00 元', out_trade_no, notify_url: notifyUrl,
    amount: { total: 9500, currency: 'CNY' },
  });
  const verified = ({ headers, body }) => {
    const of = Object.fromEntries(headers);
    const text = Formatter.response(of['wechatpay-timestamp'], of['wechatpay-nonce'], body);
    return Rsa.verify(text, of['wechatpay-signature'], certs[of['wechatpay-serial']]);
  };
  const opened = ({ ciphertext, nonce, associated_data }) => (
    Aes.AesGcm.decrypt(ciphertext, keys.apiV3Key, nonce, associated_data)
  );
  const through = (changes, call) => async () => {
    relay.changes = changes;
    try {
      await call();
    } finally {
      relay.changes = 'nothing';
    }
  };
  return [
    ['native is accepted, its answer verified', async () => {
      const { status, data } = await native(number);
      equal(status, 200, 'status');
      equal(typeof data.code_url, 'string', 'code_url');
    }],
    ['query is accepted, its answer verified', async () => {
      equal((await query()).data.trade_state, 'NOTPAY', 'before the payment');
      await sandbox.pay('wechat_pay', number);
      const { data } = await query();
      equal(data.trade_state, 'SUCCESS', 'trade_state');
      equal(data.amount.total, 9500, 'amount.total');
      const byId = await sdk.v3.pay.transactions.id['{id}'].get({ params: { mchid }, id: data.transaction_id });
      equal(byId.data.out_trade_no, number, 'out_trade_no');
    }],
    ['a payment by code and its reversal are accepted, their answers verified', async () => {
      const codepay = (out_trade_no, auth_code) => sdk.v3.pay.transactions.codepay.post({
        appid: keys.appid, mchid, description: '充值 95.00 元', out_trade_no, amount: { total: 9500, currency: 'CNY' },
        payer: { auth_code }, scene_info: { store_info: { out_id: 'till-1' } },
      });
      const paid = await codepay(`${number}B`, await sandbox.showCode('wechat_pay', 'pays_at_once'));
      equal(paid.data.trade_state, 'SUCCESS', 'trade_state');
      const waiting = await codepay(`${number}D`, await sandbox.showCode('wechat_pay', 'must_confirm'));
      equal(waiting.data.trade_state, 'USERPAYING', 'trade_state');
      const reversed = await sdk.v3.pay.transactions.outTradeNo['{number}'].reverse.post(
        { appid: keys.appid, mchid }, { number: `${number}D` },
      );
      equal(reversed.data.out_trade_no, `${number}D`, 'out_trade_no');
    }],
    ['an answer in public-key mode is verified', async () => {
      const answer = await query(open({ 'Wechatpay-Serial': keys.platformPublicKeyId }));
      equal(answer.headers['wechatpay-serial'], keys.platformPublicKeyId, 'Wechatpay-Serial');
    }],
    ['the platform certificate is downloaded, verified and decrypted', async () => {
      const { data } = await sdk.v3.certificates.get();
      equal(data.data[0].serial_no, keys.platformCertificateSerial, 'serial_no');
      equal(opened(data.data[0].encrypt_certificate), keys.platformCertificate, 'certificate');
    }],
    ['the notification is verified and decrypted', async () => {
      const notification = await sandbox.notification('wechat_pay', number);
      equal(verified(notification), true, 'verified');
      const resource = JSON.parse(opened(JSON.parse(notification.body).resource));
      equal(resource.out_trade_no, number, 'out_trade_no');
      equal(resource.amount.total, 9500, 'amount.total');
    }],
    ['a notification with one changed byte is refused', async () => {
      const notification = await sandbox.notification('wechat_pay', number);
      equal(verified({ ...notification, body: changeOneByte(notification.body) }), false, 'verified');
    }],
    ['a resource with one changed byte is not decrypted', async () => {
      const { resource } = JSON.parse((await sandbox.notification('wechat_pay', number)).body);
      const bytes = Buffer.from(resource.ciphertext, 'base64');
      bytes[0] ^= 1;
      await refused(async () => opened({ ...resource, ciphertext: bytes.toString('base64') }), /unable to authenticate|auth/i);
    }],
    ['forged notifications and probes are refused', async () => {
      equal(verified(await sandbox.notification('wechat_pay', number, 'wrong_key')), false, 'forged: verified');
      equal(verified(await sandbox.notification('wechat_pay', number, 'probe')), false, 'probe: verified');
    }],
    ['refund and refund query are accepted, their answers verified', async () => {
      const { data } = await sdk.v3.refund.domestic.refunds.post({
        out_trade_no: number, out_refund_no: `${number}R`, amount: { refund: 2000, total: 9500, currency: 'CNY' },
      });
      equal(data.status, 'PROCESSING', 'status');
      const asked = await sdk.v3.refund.domestic.refunds['{refund}'].get({ refund: `${number}R` });
      equal(asked.data.amount.refund, 2000, 'amount.refund');
    }],
    ['close is accepted, its answer without a body verified', async () => {
      await native(`${number}C`);
      const close = await sdk.v3.pay.transactions.outTradeNo['{number}'].close.post({ mchid }, { number: `${number}C` });
      equal(close.status, 204, 'status');
    }],
    ['a request with one changed byte is refused', through('request', async () => {
      await refused(() => native(`${number}D`), /SIGN_ERROR/);
      await refused(() => query(), /SIGN_ERROR/);
    })],
    ['an answer with one changed byte is refused', through('answer', () => refused(() => query(), /EV3_RES_HEADER_SIGNATURE_DIGEST|verif/i))],
    ['an answer signed by another key is refused', async () => {
      await sandbox.addSwitch({ fault: 'wrong_answer_signature', provider: 'wechat_pay', next: 1 });
      await refused(() => query(), /EV3_RES_HEADER_SIGNATURE_DIGEST|verif/i);
    }],
  ].map(([name, check]) => [`wechatpay-axios-plugin: ${name}`, check]);
}
