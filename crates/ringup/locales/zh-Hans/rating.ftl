# 评价：持有凭证的人对门店、自助终端和代理商的评价。
rating-heading = 评价
rating-title = { $place }的评价
rating-lead = 只有持有本网点凭证的人才能评价，每张凭证一次。
rating-none = 还没有评价。
rating-average = 平均 { $average } 星，满分 5 星
rating-count = { $count } 条评价
rating-stars = { $stars } 星，满分 5 星
rating-newest = 显示最新的 { $count } 条。
rating-all = 全部评价
rating-answer = { $place }的回复
rating-report = 举报
rating-place-link = 查看此网点页面
rating-search-link = 查找网点

rating-reported-opened = 谢谢您。工作人员会在一天内查看，在此之前评价仍会显示。
rating-reported-waiting = 工作人员已经在查看这条评价。
rating-reported-decided = 工作人员已查看过这条评价，予以保留。
problem-rating-reports = 您所在的网络今天举报过多，请明天再试。

rating-form-heading = 您觉得{ $place }怎么样？
rating-form-lead = 评价公开显示，不会透露您的身份。
rating-form-stars = 星级
rating-form-star = 星
rating-form-comment = 评语（可不填）
rating-form-comment-hint = 最多 500 字。请勿填写卡号或密码。
rating-form-send = 提交评价
rating-form-change = 修改评价
rating-given-heading = 您对{ $place }的评价
rating-given-until = 谢谢您的评价。{ $time } 前可以修改。
rating-given-final = 谢谢您的评价。现在已不能修改。
rating-given-hidden = 这条评价违反规定，已被隐藏。
problem-rating-stars = 请选择 1 到 5 星。
problem-rating-long = 评语超过 500 字，请缩短后再提交。
problem-rating-place = 这张凭证来自另一个网点，请核对后再评价。
problem-rating-taken-back = 这笔充值已撤销，不能评价。
problem-rating-given = 这张凭证已评价过，现在不能再修改。

answer-title = 评价
answer-lead = 持有您凭证的人的评价。您的回复会显示在评价下方，所有人都能看到。
answer-label = 您的回复
answer-send = 回复
answer-change = 修改回复
answer-supervisor = 只有主管可以回复。
problem-answer-empty = 请填写回复。
problem-answer-long = 回复超过 500 字，请缩短后再提交。
problem-answer-gone = 这条评价已不存在。
