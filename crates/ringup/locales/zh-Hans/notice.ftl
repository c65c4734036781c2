# 用邮件发送凭证：页面上的表单，以及邮件本身。
notice-heading = 把凭证发到邮箱
notice-email-label = 邮箱地址
notice-email-hint = 仅用于发送这份凭证，发出后即删除。
notice-button = 发送凭证
notice-enough = 这份凭证的发送次数已用完。您随时可以在本页查看。
notice-waiting = 凭证正在发往 { $address }。
notice-delivered = 凭证已于 { $time } 发往 { $address }。
notice-refused = { $address } 拒收这份凭证，地址可能有误。
notice-given-up = 凭证未能发往 { $address }。您随时可以在本页查看。
problem-email-missing = 请填写邮箱地址。
problem-email-length = 邮箱地址太长。
problem-email-malformed = 这不是有效的邮箱地址。正确的格式如 name@example.com。
problem-notices-of-receipt = 这份凭证的发送次数已用完。您随时可以在本页查看。
problem-notices-from-address = 您所在网络发送的凭证太多，请于 { $time } 后再试。

mail-subject = 充值凭证：卡 ···· { $tail } 到账 { $amount }
mail-fact = { $label }：{ $value }
mail-receipt = 查看或打印凭证：
mail-verify = 任何人都可以在此核验凭证真伪：
mail-warning = 我们绝不会通过电话、短信或邮件索要您的 PIN 码，也不会让您转账给个人账户。官方渠道核验：
mail-why = 有人持这份凭证填写了您的邮箱，因此您收到此邮件。您无需进行任何操作。我们只保留邮箱地址的首字母和 @ 之后的部分。
