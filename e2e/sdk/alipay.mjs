// The checks that Alipay's official Node SDK makes.
import { AlipaySdk } from 'alipay-sdk';

import { changeOneByte, equal, refused } from './harness.mjs';

export function alipayChecks({ keys, mode, relay, sandbox, notifyUrl }) {
  const certificates = {
    appCertPath: keys.merchantCertificate,
    alipayPublicCertPath: keys.platformCertificate,
    alipayRootCertPath: keys.rootCertificate,
  };
  const sdk = new AlipaySdk({
    appId: keys.appId,
    privateKey: keys.merchantPrivateKey,
    keyType: 'PKCS8',
    gateway: `${relay.url}/gateway.do`,
    camelcase: false,
    ...(mode === 'certificate' ? certificates : { alipayPublicKey: keys.platformPublicKey }),
  });
  const exec = (method, business, more = {}) => sdk.exec(method, { bizContent: business, ...more }, { validateSign: true });
  const number = `SDK${Date.now()}${mode === 'certificate' ? 'C' : 'K'}`;
  const order = { out_trade_no: number, total_amount: '95.00', subject: '充值 100% & "more"/' };
  const through = (changes, call) => async () => {
    relay.changes = changes;
    try {
      await call();
    } finally {
      relay.changes = 'nothing';
    }
  };
  const form = (body) => Object.fromEntries(new URLSearchParams(body));
  return [
    ['precreate is accepted, its answer verified', async () => {
      const answer = await exec('alipay.trade.precreate', order, { notifyUrl });
      equal(answer.code, '10000', 'code');
      equal(answer.out_trade_no, number, 'out_trade_no');
    }],
    ['a payment page made by the SDK is accepted', async () => {
      const page = { ...order, out_trade_no: `${number}P`, product_code: 'FAST_INSTANT_TRADE_PAY' };
      const url = sdk.pageExec('alipay.trade.page.pay', 'GET', { bizContent: page, returnUrl: 'https://ringup.test/back' });
      equal((await fetch(url, { redirect: 'manual' })).status, 302, 'status');
    }],
    ['query is accepted, its answer verified', async () => {
      equal((await exec('alipay.trade.query', { out_trade_no: number })).sub_code, 'ACQ.TRADE_NOT_EXIST', 'before the scan');
      await sandbox.pay('alipay', number);
      const answer = await exec('alipay.trade.query', { out_trade_no: number });
      equal(answer.trade_status, 'TRADE_SUCCESS', 'trade_status');
      equal(answer.total_amount, '95.00', 'total_amount');
    }],
    ['the notification is verified', async () => {
      const { body } = await sandbox.notification('alipay', number);
      equal(form(body).trade_status, 'TRADE_SUCCESS', 'trade_status');
      equal(sdk.checkNotifySignV2(form(body)), true, 'verified');
    }],
    ['a notification with one changed byte is refused', async () => {
      const fields = form((await sandbox.notification('alipay', number)).body);
      fields.total_amount = changeOneByte(fields.total_amount);
      equal(sdk.checkNotifySignV2(fields), false, 'verified');
    }],
    ['a forged notification is refused', async () => {
      equal(sdk.checkNotifySignV2(form((await sandbox.notification('alipay', number, 'wrong_key')).body)), false, 'verified');
    }],
    ['refund and refund query are accepted, their answers verified', async () => {
      const refund = { out_trade_no: number, out_request_no: `${number}R`, refund_amount: '20.00' };
      equal((await exec('alipay.trade.refund', refund)).fund_change, 'Y', 'fund_change');
      equal((await exec('alipay.trade.refund', refund)).fund_change, 'N', 'fund_change again');
      const asked = await exec('alipay.trade.fastpay.refund.query', refund);
      equal(asked.refund_status, 'REFUND_SUCCESS', 'refund_status');
    }],
    ['close is accepted, its answer verified', async () => {
      equal((await exec('alipay.trade.close', { out_trade_no: number })).sub_code, 'ACQ.TRADE_STATUS_ERROR', 'sub_code');
    }],
    ['a payment by code is accepted, its answer verified', async () => {
      const pay = { ...order, out_trade_no: `${number}B`, scene: 'bar_code', auth_code: await sandbox.showCode('alipay', 'pays_at_once') };
      const answer = await exec('alipay.trade.pay', pay, { notifyUrl });
      equal(answer.code, '10000', 'code');
      equal(answer.total_amount, '95.00', 'total_amount');
      const again = await exec('alipay.trade.pay', { ...pay, out_trade_no: `${number}D` });
      equal(again.sub_code, 'ACQ.PAYMENT_AUTH_CODE_INVALID', 'the code again');
    }],
    ['cancel is accepted, its answer verified', async () => {
      const out_trade_no = `${number}E`;
      const auth_code = await sandbox.showCode('alipay', 'must_confirm');
      const waiting = await exec('alipay.trade.pay', { ...order, out_trade_no, scene: 'bar_code', auth_code });
      equal(waiting.code, '10003', 'code');
      equal((await exec('alipay.trade.cancel', { out_trade_no })).action, 'close', 'action');
      equal((await exec('alipay.trade.cancel', { out_trade_no: `${number}B` })).action, 'refund', 'action when it is paid');
    }],
    ['a request with one changed byte is refused', through('request', async () => {
      const answer = await exec('alipay.trade.query', { out_trade_no: number });
      equal(answer.sub_code, 'isv.invalid-signature', 'sub_code');
    })],
    ['an answer with one changed byte is refused', through('answer', () => (
      refused(() => exec('alipay.trade.query', { out_trade_no: number }), /验签失败/)
    ))],
    ['an answer signed by another key is refused', async () => {
      await sandbox.addSwitch({ fault: 'wrong_answer_signature', provider: 'alipay', next: 1 });
      await refused(() => exec('alipay.trade.query', { out_trade_no: number }), /验签失败/);
    }],
  ].map(([name, check]) => [`alipay-sdk (${mode} mode): ${name}`, check]);
}
