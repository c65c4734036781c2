# 每个页面的外框，以及多个页面共用的词。
page-description = 用支付宝或微信支付给预付费电话卡充值，无需注册。可查余额和充值进度。
skip-to-content = 跳到正文
footer-label = 其他服务
nav-top-up = 充值
nav-balance = 查余额
nav-plans = 资费与套餐
nav-advice = 哪种更划算？
nav-where = 钱到哪儿了？
nav-verify = 核验凭证
nav-help = 帮助
nav-official = 官方渠道核验
footer-official = 我们不会通过电话或短信向您索要 PIN 码，也不会让您转账给个人。
theme-label = 页面颜色
theme-auto = 跟随系统
theme-light = 浅色
theme-dark = 深色

card-number-label = 卡号
card-number-hint = 卡片正面的长串数字。
pin-label = PIN 码
pin-hint = 在卡片背面的刮开层下。
receipt-code-label = 凭证码
receipt-code-hint = 在凭证上，每四位一组。

problems-heading = 请再看一下这里

timeline-heading = 办理进度
timeline-past-heading = 办理经过
timeline-done = 已完成
timeline-now = 进行中
timeline-next = 下一步
timeline-stopped = 未发生

deadline-left = 还剩 { $time }
live-updates = 本页会自动更新。
live-look-now = 现在再查一次
top-up-again = 再充一笔

fact-paid = 实付
fact-with = 支付方式
fact-card = 卡号
fact-amount = 充值金额
fact-bonus = 赠送
fact-valid-until = 卡有效期至
fact-time = 时间
fact-code = 凭证码
fact-number = 充值单号
fact-receipt-number = 凭证编号
fact-got = 到账

alipay = 支付宝
wechat-pay = 微信支付
document-page = 第 { $page } 页，共 { $pages } 页
