"""python alipay_sdk.py --sandbox URL --keys FOLDER [--mode key|certificate]

python-alipay-sdk against a running sandbox: it signs what the sandbox must accept, and verifies what the sandbox signs.
"""

import argparse
import json
import sys
import time
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

from alipay import AliPay, DCAliPay
from alipay.exceptions import AliPayValidationError

from alipay_keys import Keys


def control(sandbox, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{sandbox}/_sandbox/{path}", data=data, method=method, headers={"content-type": "application/json"})
    with urlopen(request) as answer:
        return json.load(answer)


def equal(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r}, expected {expected!r}")


class Checks:
    def __init__(self, sandbox, keys, mode):
        self.sandbox = sandbox
        self.number = f"PY{time.time_ns()}{mode[0].upper()}"
        common = {"appid": keys.app_id, "app_notify_url": "https://ringup.test/notify", "sign_type": "RSA2"}
        private_key = keys.text("alipay_merchant_private_key.pem")
        if mode == "certificate":
            self.alipay = DCAliPay(
                app_private_key_string=private_key,
                app_public_key_cert_string=keys.text("alipay_merchant_certificate.pem"),
                alipay_public_key_cert_string=keys.text("alipay_platform_certificate.pem"),
                alipay_root_cert_string=keys.text("alipay_root_certificate.pem"),
                **common,
            )
        else:
            self.alipay = AliPay(
                app_private_key_string=private_key,
                alipay_public_key_string=keys.text("alipay_platform_public_key.pem"),
                **common,
            )
        self.alipay._gateway = f"{sandbox}/gateway.do"

    def notification(self, forgery="none"):
        made = control(self.sandbox, "GET", f"notification/alipay/{self.number}?forgery={forgery}")
        fields = dict(parse_qsl(made["body"], keep_blank_values=True))
        return fields, fields.pop("sign")

    def a_precreate_is_accepted_and_its_answer_verified(self):
        answer = self.alipay.api_alipay_trade_precreate(
            subject="充值 100%", out_trade_no=self.number, total_amount="95.00"
        )
        equal(answer["code"], "10000", "code")

    def b_query_is_accepted_and_its_answer_verified(self):
        control(self.sandbox, "POST", "pay", {"provider": "alipay", "out_trade_no": self.number, "outcome": "pay"})
        answer = self.alipay.api_alipay_trade_query(out_trade_no=self.number)
        equal(answer["trade_status"], "TRADE_SUCCESS", "trade_status")

    def c_the_notification_is_verified(self):
        fields, sign = self.notification()
        equal(self.alipay.verify(fields, sign), True, "verified")

    def d_a_notification_with_one_changed_byte_is_refused(self):
        fields, sign = self.notification()
        fields["total_amount"] = "96.00"
        equal(self.alipay.verify(fields, sign), False, "verified")

    def e_a_forged_notification_is_refused(self):
        fields, sign = self.notification("wrong_key")
        equal(self.alipay.verify(fields, sign), False, "verified")

    def f_refund_and_refund_query_are_accepted_and_their_answers_verified(self):
        answer = self.alipay.api_alipay_trade_refund("20.00", out_trade_no=self.number, out_request_no="R1")
        equal(answer["fund_change"], "Y", "fund_change")
        answer = self.alipay.api_alipay_trade_fastpay_refund_query("R1", out_trade_no=self.number)
        equal(answer["refund_status"], "REFUND_SUCCESS", "refund_status")

    def g_close_is_accepted_and_its_answer_verified(self):
        answer = self.alipay.api_alipay_trade_close(out_trade_no=self.number)
        equal(answer["sub_code"], "ACQ.TRADE_STATUS_ERROR", "sub_code")

    def h_a_request_with_one_changed_byte_is_refused(self):
        query = self.alipay.client_api("alipay.trade.query", {"out_trade_no": self.number})
        changed = query.replace(self.number, self.number.replace("PY", "PZ"))
        with urlopen(f"{self.sandbox}/gateway.do?{changed}") as answer:
            answer = json.load(answer)["alipay_trade_query_response"]
        equal(answer["sub_code"], "isv.invalid-signature", "sub_code")

    def i_an_answer_signed_by_another_key_is_refused(self):
        switch = {"fault": "wrong_answer_signature", "provider": "alipay", "next": 1}
        control(self.sandbox, "POST", "switches", switch)
        try:
            self.alipay.api_alipay_trade_query(out_trade_no=self.number)
        except AliPayValidationError:
            return
        raise AssertionError("was not refused")

    def j_an_answer_with_one_changed_byte_is_refused(self):
        query = self.alipay.client_api("alipay.trade.query", {"out_trade_no": self.number})
        with urlopen(f"{self.sandbox}/gateway.do?{query}") as answer:
            raw = answer.read().decode()
        read = self.alipay._verify_and_return_sync_response
        equal(read(raw, "alipay_trade_query_response")["total_amount"], "95.00", "total_amount")
        try:
            read(raw.replace('"total_amount":"95.00"', '"total_amount":"95.01"'), "alipay_trade_query_response")
        except AliPayValidationError:
            return
        raise AssertionError("was not refused")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--keys", required=True)
    parser.add_argument("--mode", choices=["key", "certificate"], default="key")
    given = parser.parse_args()
    checks = Checks(given.sandbox, Keys(given.keys), given.mode)
    names = sorted(name for name in vars(Checks) if name[1] == "_" and name[0] != "_")
    failed = 0
    for name in names:
        title = f"python-alipay-sdk ({given.mode} mode): {name[2:].replace('_', ' ')}"
        try:
            getattr(checks, name)()
            print(f"ok      {title}")
        except Exception as error:  # a check that breaks is a check that failed
            failed += 1
            print(f"FAILED  {title}: {error!r}")
    print(f"alipay_sdk.py: {len(names) - failed} of {len(names)} checks passed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
