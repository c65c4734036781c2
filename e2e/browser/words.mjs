// The few words by which a person finds his way, in the two languages. Not read from the pages' own word lists: a label
// that became wrong there must fail here.

export const words = {
  en: {
    cardNumber: "Card number",
    pin: "PIN",
    goOn: /^continue/i,
    pay: /^pay ¥/i,
    lookNow: /look (now|again now)/i,
    openApp: /^open .* and pay/i,
    openReceipt: /open the receipt/i,
    credited: /^¥\s?\d[\d,.]* is on card/i,
    preparing: /getting your payment ready/i,
    goesBack: /going back to you|went back to you/i,
    genuine: /is genuine/i,
    notGenuine: /no receipt with this code|not genuine/i,
    otherLanguage: /中文/,
  },
  zh: {
    cardNumber: "卡号",
    pin: /密码|PIN/,
    goOn: /^下一步/,
    pay: /^支付 ¥/,
    lookNow: /现在查看|现在再查/,
    openApp: /^打开.*支付/,
    openReceipt: /打开凭证/,
    credited: /¥\s?\d[\d,.]* 已到卡/,
    preparing: /正在为您准备支付/,
    goesBack: /正在退还给您|已退还给您/,
    genuine: /真实|真的/,
    notGenuine: /没有|不是/,
    otherLanguage: /English/i,
  },
};
