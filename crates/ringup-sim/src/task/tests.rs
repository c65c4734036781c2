use super::*;

type Log = Rc<RefCell<Vec<&'static str>>>;

fn run(executor: &Executor) {
    while let Some(due) = executor.next() {
        if let Due::Task(task) = due {
            executor.run(task);
        }
    }
}

fn sleeps(executor: &Rc<Executor>, owner: Owner, seconds: i64, says: &'static str, log: &Log) {
    let (sleeper, log) = (Rc::clone(executor), Rc::clone(log));
    executor.spawn(owner, async move {
        sleeper.sleep(Span::seconds(seconds)).await;
        log.borrow_mut().push(says);
    });
}

#[test]
fn tasks_go_on_in_the_order_of_the_times_they_wait_for_and_time_stands_at_the_last() {
    let (executor, log) = (Rc::new(Executor::default()), Log::default());
    sleeps(&executor, Owner::World, 3, "three", &log);
    sleeps(&executor, Owner::World, 1, "one", &log);
    sleeps(&executor, Owner::World, 1, "one again", &log);
    run(&executor);
    assert_eq!(*log.borrow(), ["one", "one again", "three"]);
    assert_eq!(executor.now(), Timestamp::from_seconds(3));
}

#[test]
fn the_tasks_of_an_owner_who_dies_end_where_they_are_and_others_go_on() {
    let (executor, log) = (Rc::new(Executor::default()), Log::default());
    sleeps(&executor, Owner::Server(0), 5, "of the dead", &log);
    sleeps(&executor, Owner::Server(1), 5, "of the living", &log);
    let (killer, killed) = (Rc::clone(&executor), Rc::clone(&log));
    executor.spawn(Owner::Server(0), async move {
        killer.sleep(Span::seconds(2)).await;
        killer.kill(Owner::Server(0));
        killed.borrow_mut().push("dies at the next step");
        killer.sleep(Span::seconds(1)).await;
        killed.borrow_mut().push("is still there");
    });
    run(&executor);
    assert_eq!(*log.borrow(), ["dies at the next step", "of the living"]);
}

#[test]
fn who_waits_for_an_answer_gets_it_or_learns_that_it_never_comes() {
    let (executor, log) = (Rc::new(Executor::default()), Log::default());
    for (owner, says) in [(Owner::Server(0), "no answer"), (Owner::Server(1), "an answer")] {
        let (answer, answered) = executor.channel();
        let waits = Rc::clone(&log);
        executor.spawn(Owner::World, async move {
            let said = answered.await.unwrap_or("no answer");
            waits.borrow_mut().push(said);
        });
        let answerer = Rc::clone(&executor);
        executor.spawn(owner, async move {
            answerer.sleep(Span::seconds(2)).await;
            answer.send(says);
        });
    }
    let killer = Rc::clone(&executor);
    executor.spawn(Owner::World, async move {
        killer.sleep(Span::seconds(1)).await;
        killer.kill(Owner::Server(0));
    });
    run(&executor);
    assert_eq!(*log.borrow(), ["no answer", "an answer"]);
}
