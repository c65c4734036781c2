# 自助终端打印的内容。
kiosk-slip-credited = 已充入您的卡
kiosk-slip-claim = 退款凭单
kiosk-slip-place = 自助终端
kiosk-slip-licence = 许可证
kiosk-slip-number = 编号
kiosk-slip-put-in = 投入金额
kiosk-slip-claim-code = 凭单码
kiosk-slip-thanks = 扫码可查看凭证并查验真伪。
kiosk-slip-keep = 您的纸币已进入钱箱，但此卡目前无法充值，这笔钱将退还给您。请妥善保管本凭单，退款时凭码办理。
kiosk-slip-hot-line = 如有疑问，请致电 { $number }。
