mod journal;
mod late;
mod online;
mod payment_code;
mod unanswered;
