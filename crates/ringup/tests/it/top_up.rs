mod journal;
mod late;
mod online;
mod unanswered;
