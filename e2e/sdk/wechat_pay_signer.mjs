// node wechat_pay_signer.mjs --keys FOLDER < orders.jsonl > notifications.jsonl
//
// Signs and encrypts notifications as WeChat Pay does, by wechatpay-axios-plugin: one JSON order a line in, one
// {"headers", "body"} a line out. The README says which fields an order has.
import { createInterface } from 'node:readline';

import { Aes, Formatter, Rsa } from 'wechatpay-axios-plugin';

import { options } from './harness.mjs';
import { readKeys } from './keys.mjs';

const keys = readKeys(options(['keys']).keys).wechatPay;
const signers = {
  public_key: [keys.platformPublicKeyId, Rsa.from(keys.platformPrivateKey())],
  certificate: [keys.platformCertificateSerial, Rsa.from(keys.platformCertificatePrivateKey())],
};
const china = (seconds) => new Date((seconds + 8 * 3600) * 1000).toISOString().replace(/\.\d+Z$/, '+08:00');

function sign(order) {
  const timestamp = order.timestamp ?? Formatter.timestamp();
  const resource = {
    mchid: keys.mchid,
    appid: keys.appid,
    out_trade_no: order.out_trade_no,
    transaction_id: order.transaction_id,
    trade_type: 'NATIVE',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    attach: '',
    success_time: china(order.success_time ?? timestamp),
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total: order.total_minor, payer_total: order.total_minor, currency: 'CNY', payer_currency: 'CNY' },
    ...order.resource,
  };
  const nonce = Formatter.nonce(12);
  const body = JSON.stringify({
    id: order.id ?? `EV-${Formatter.nonce(24)}`,
    create_time: china(timestamp),
    resource_type: 'encrypt-resource',
    event_type: order.event_type ?? 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: Aes.AesGcm.encrypt(JSON.stringify(resource), keys.apiV3Key, nonce, 'transaction'),
      associated_data: 'transaction',
      nonce,
    },
  });
  const [serial, key] = signers[order.signer ?? 'public_key'];
  const signatureNonce = Formatter.nonce();
  const headers = [
    ['content-type', 'application/json'],
    ['wechatpay-timestamp', String(timestamp)],
    ['wechatpay-nonce', signatureNonce],
    ['wechatpay-signature', Rsa.sign(Formatter.response(timestamp, signatureNonce, body), key)],
    ['wechatpay-signature-type', 'WECHATPAY2-SHA256-RSA2048'],
    ['wechatpay-serial', serial],
  ];
  return { headers, body };
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim()) console.log(JSON.stringify(sign(JSON.parse(line))));
}
