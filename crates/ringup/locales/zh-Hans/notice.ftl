# 用邮件或短信发送凭证：页面上的表单、邮件和短信本身。
notice-heading = 把凭证发到邮箱
notice-heading-sms = 把凭证发到手机
notice-heading-both = 把凭证发到邮箱或手机
notice-email-label = 邮箱地址
notice-email-hint = 仅用于发送这份凭证，发出后即删除。
notice-mobile-label = 手机号码
notice-mobile-hint = 仅用于发送这份凭证，短信发出后即删除。
notice-button = 发送凭证
notice-button-email = 发送邮件
notice-button-sms = 发送短信
notice-enough = 这份凭证的发送次数已用完。您随时可以在本页查看。
notice-waiting = 凭证正在发往 { $address }。
notice-delivered = 凭证已于 { $time } 发往 { $address }。
notice-refused = { $address } 拒收这份凭证，地址可能有误。
notice-given-up = 凭证未能发往 { $address }。您随时可以在本页查看。
notice-sms-waiting = 短信正在发往 { $address }。
notice-sms-accepted = 短信已于 { $time } 交由运营商发往 { $address }，尚未确认收到。
notice-sms-delivered = 手机 { $address } 已于 { $time } 收到凭证。
notice-sms-refused = 运营商查无号码 { $address }，号码可能有误。
notice-sms-failed = 短信未能送达 { $address }，手机可能已关机，或号码有误。您随时可以在本页查看凭证。
notice-sms-given-up = 短信未能发往 { $address }。您随时可以在本页查看凭证。
notice-sms-unanswered = 无法确认 { $address } 是否已收到短信。您随时可以在本页查看凭证。
problem-email-missing = 请填写邮箱地址。
problem-email-length = 邮箱地址太长。
problem-email-malformed = 这不是有效的邮箱地址。正确的格式如 name@example.com。
problem-mobile-missing = 请填写手机号码。
problem-mobile-malformed = 没有这样的手机号码。境外号码请以 + 和国家（地区）代码开头。
problem-mobile-not-mobile = 这不是手机号码，无法接收短信。
problem-mobile-country = 暂不支持向该国家或地区发送短信。
problem-notices-of-receipt = 这份凭证的发送次数已用完。您随时可以在本页查看。
problem-notices-from-address = 您所在网络发送的凭证太多，请于 { $time } 后再试。

mail-subject = 充值凭证：卡 ···· { $tail } 到账 { $amount }
mail-fact = { $label }：{ $value }
mail-receipt = 查看或打印凭证：
mail-verify = 任何人都可以在此核验凭证真伪：
mail-warning = 我们绝不会通过电话、短信或邮件索要您的 PIN 码，也不会让您转账给个人账户。官方渠道核验：
mail-why = 有人持这份凭证填写了您的邮箱，因此您收到此邮件。您无需进行任何操作。我们只保留邮箱地址的首字母和 @ 之后的部分。

# 短信正文。
sms-receipt = 充值凭证：{ $time }，卡 ****{ $tail } 到账 { $amount }。凭证编号 { $number }，查看：{ $url }
