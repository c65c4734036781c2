// Reads the key folder that the sandbox's `DemoKeys::write_to` writes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function readKeys(folder) {
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  return {
    alipay: {
      appId: read('alipay_app_id.txt'),
      merchantPrivateKey: read('alipay_merchant_private_key.pem'),
      platformPublicKey: read('alipay_platform_public_key.pem'),
      merchantCertificate: join(folder, 'alipay_merchant_certificate.pem'),
      platformCertificate: join(folder, 'alipay_platform_certificate.pem'),
      rootCertificate: join(folder, 'alipay_root_certificate.pem'),
    },
    wechatPay: {
      mchid: read('wechat_pay_mchid.txt'),
      appid: read('wechat_pay_appid.txt'),
      apiV3Key: read('wechat_pay_api_v3_key.txt'),
      merchantSerial: read('wechat_pay_merchant_serial.txt'),
      merchantPrivateKey: read('wechat_pay_merchant_private_key.pem'),
      platformPublicKeyId: read('wechat_pay_platform_public_key_id.txt'),
      platformPublicKey: read('wechat_pay_platform_public_key.pem'),
      platformPrivateKey: () => read('wechat_pay_platform_private_key.pem'),
      platformCertificate: read('wechat_pay_platform_certificate.pem'),
      platformCertificateSerial: read('wechat_pay_platform_certificate_serial.txt'),
      platformCertificatePrivateKey: () => read('wechat_pay_platform_certificate_private_key.pem'),
    },
  };
}
