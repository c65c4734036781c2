# 凭证，以及凭证核验页。
receipt-title = 充值凭证
receipt-heading = 充值凭证
receipt-on-card = 到账金额
receipt-check-heading = 核验此凭证
receipt-check-text = 扫描二维码，或在浏览器输入：
receipt-signature-heading = 供专业人员：数字签名
receipt-signature-text = 以下文字用 Ed25519 签名。我们的公钥在
receipt-signature-key = 密钥
receipt-signature-algorithm = 算法
receipt-signature-value = 签名（base64url）
receipt-print = 打印或存为 PDF
receipt-refunded = 实付金额中的 { $amount } 已退还付款人，或正在退还。

verify-title = 核验凭证
verify-heading = 核验充值凭证
verify-lead = 请输入凭证码。无需登录，也不显示个人信息。
verify-button = 核验
verify-another = 再核验一张
verify-compare = 请与您手中的凭证逐行核对。如有一处不同，凭证已被改动。
verify-genuine-heading = 凭证真实有效
verify-genuine-text = 此凭证由我们开具，签名无误。
verify-refunded-heading = 凭证真实，后有退款
verify-refunded-text = 此凭证由我们开具。实付金额中的 { $amount } 后来已退还付款人，或正在退还。
verify-altered-heading = 凭证不真实
verify-altered-text = 签名不符。请勿接受，并保留凭证交发卡方查看。
verify-unknown-heading = 没有查到这个凭证码
verify-unknown-text = 请检查是否输错。如果每一位都没有错，这张凭证不是我们开具的。
