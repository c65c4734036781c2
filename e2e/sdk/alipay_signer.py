"""python alipay_signer.py --keys FOLDER < orders.jsonl > notifications.jsonl

Signs notifications as Alipay does, by python-alipay-sdk: one JSON order a line in, one {"headers", "body"} a line out.
The README says which fields an order has.
"""

import argparse
import json
import sys
import uuid
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

from alipay import AliPay

from alipay_keys import Keys

CHINA = timezone(timedelta(hours=8))


def signer(keys, sign_type):
    """The SDK signs for whoever owns the private key; here that is the platform."""
    return AliPay(
        appid=keys.app_id,
        app_private_key_string=keys.text("alipay_platform_private_key.pem"),
        alipay_public_key_string=keys.text("alipay_platform_public_key.pem"),
        sign_type=sign_type,
    )


def sign(keys, signers, order):
    minor = order["total_minor"]
    yuan = f"{minor // 100}.{minor % 100:02d}"
    now = datetime.now(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    fields = {
        "app_id": keys.app_id,
        "auth_app_id": keys.app_id,
        "buyer_id": "2088722000000013",
        "buyer_pay_amount": yuan,
        "charset": "utf-8",
        "gmt_create": now,
        "gmt_payment": now,
        "invoice_amount": yuan,
        "notify_id": uuid.uuid4().hex,
        "notify_time": now,
        "notify_type": "trade_status_sync",
        "out_trade_no": order["out_trade_no"],
        "point_amount": "0.00",
        "receipt_amount": yuan,
        "seller_id": keys.seller_id,
        "subject": "充值",
        "total_amount": yuan,
        "trade_no": order["trade_no"],
        "trade_status": "TRADE_SUCCESS",
        "version": "1.0",
    }
    fields.update(order.get("fields", {}))
    sign_type = order.get("sign_type", "RSA2")
    # A notification is signed without `sign` and `sign_type`, over its decoded values.
    text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
    fields["sign"] = signers[sign_type]._sign(text)
    fields["sign_type"] = sign_type
    headers = [["content-type", "application/x-www-form-urlencoded; charset=utf-8"]]
    return {"headers": headers, "body": urlencode(fields)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", required=True)
    keys = Keys(parser.parse_args().keys)
    signers = {sign_type: signer(keys, sign_type) for sign_type in ("RSA2", "RSA")}
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(sign(keys, signers, json.loads(line)), ensure_ascii=False))


if __name__ == "__main__":
    main()
