// The few words by which a person finds his way, in the two languages. Not read from the pages' own word lists: a label
// that became wrong there must fail here.

export const words = {
  en: {
    cardNumber: /card number/i,
    pin: /^PIN/i,
    otherAmount: /other amount/i,
    goOn: /continue|check/i,
    pay: /^pay/i,
    lookNow: /look now/i,
    openApp: /^open/i,
    openReceipt: /receipt/i,
    credited: /is on (the )?card/i,
    genuine: /genuine/i,
    notGenuine: /not|no receipt/i,
    showBalance: /show|balance/i,
    problems: /problem|check|mend|correct/i,
    otherLanguage: "中文",
    topUpAgain: /top up again/i,
  },
  zh: {
    cardNumber: /卡号/,
    pin: /密码|PIN/,
    otherAmount: /其他金额/,
    goOn: /继续|下一步|核对/,
    pay: /支付/,
    lookNow: /已支付|查询/,
    openApp: /打开/,
    openReceipt: /凭证/,
    credited: /到账/,
    genuine: /真实|有效/,
    notGenuine: /不|未|没有/,
    showBalance: /查看|查询|余额/,
    problems: /请|更正|问题/,
    otherLanguage: "English",
    topUpAgain: /再次充值|再充/,
  },
};
