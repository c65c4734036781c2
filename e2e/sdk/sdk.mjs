// node sdk.mjs --sandbox URL --keys FOLDER [--mode key|certificate] [--notify-url URL]
//
// The providers' own Node SDKs against a running sandbox: they sign what it must accept, and verify what it signs.
import { alipayChecks } from './alipay.mjs';
import { control, openRelay, options, run } from './harness.mjs';
import { readKeys } from './keys.mjs';
import { wechatPayChecks } from './wechat_pay.mjs';

const given = options(['sandbox', 'keys', 'mode', 'notify-url']);
const keys = readKeys(given.keys);
const mode = given.mode ?? 'key';
const relay = await openRelay(given.sandbox);
const common = { relay, sandbox: control(given.sandbox), notifyUrl: given['notify-url'] ?? 'https://ringup.test/notify' };
const checks = alipayChecks({ ...common, keys: keys.alipay, mode });
// WeChat Pay knows no such modes.
if (mode === 'key') checks.push(...wechatPayChecks({ ...common, keys: keys.wechatPay }));
await run('sdk.mjs', checks);
relay.close();
