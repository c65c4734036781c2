//! The executor: tasks that wait for the simulated time, one after the other in one thread, in an order that depends on
//! nothing but the times they wait for.
//!
//! A task is an `async fn`. Whoever owns it may die at any time: its tasks are then dropped at the step they had come to, as a
//! process that crashes drops what it was doing.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use ringup_core::time::{Span, Timestamp};

/// Whose task it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A server's process.
    Server(usize),
    /// The world's: clients, providers, nature. It does not die.
    World,
}

/// What is due at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// A task may go on.
    Task(usize),
    /// A server's write lane takes a batch.
    Lane(usize),
    /// A server's worker looks for jobs.
    Worker(usize),
}

type Work = Pin<Box<dyn Future<Output = ()>>>;

struct Task {
    owner: Owner,
    work: Option<Work>,
}

/// The executor of one world.
#[derive(Default)]
pub struct Executor {
    now_micros: Cell<i64>,
    counted: Cell<u64>,
    queue: RefCell<BinaryHeap<Reverse<(i64, u64, Due)>>>,
    tasks: RefCell<Vec<Task>>,
    current: Cell<Option<usize>>,
    current_is_dead: Cell<bool>,
}

impl Executor {
    /// The true time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now_micros.get())
    }

    /// Sets the time at which the world begins.
    pub fn set_now(&self, now: Timestamp) {
        self.now_micros.set(now.micros());
    }

    /// Has something done after a while.
    pub fn schedule(&self, after: Span, due: Due) {
        let at = self.now_micros.get().saturating_add(after.as_micros().max(0));
        let count = self.counted.get();
        self.counted.set(count + 1);
        self.queue.borrow_mut().push(Reverse((at, count, due)));
    }

    /// Goes on to the next thing that is due; nothing when nothing ever will be.
    pub fn next(&self) -> Option<Due> {
        let Reverse((at, _, due)) = self.queue.borrow_mut().pop()?;
        self.now_micros.set(at);
        Some(due)
    }

    /// Begins a task.
    pub fn spawn(&self, owner: Owner, work: impl Future<Output = ()> + 'static) {
        let id = {
            let mut tasks = self.tasks.borrow_mut();
            tasks.push(Task { owner, work: Some(Box::pin(work)) });
            tasks.len() - 1
        };
        self.schedule(Span::micros(0), Due::Task(id));
    }

    /// Whose task this is; nobody's when it has ended.
    #[must_use]
    pub fn owner_of(&self, id: usize) -> Option<Owner> {
        self.tasks.borrow().get(id).filter(|task| task.work.is_some()).map(|task| task.owner)
    }

    /// Lets a task go on to where it waits again.
    pub fn run(&self, id: usize) {
        let work = self.tasks.borrow_mut().get_mut(id).and_then(|task| task.work.take());
        let Some(mut work) = work else { return };
        self.current.set(Some(id));
        self.current_is_dead.set(false);
        let polled = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        self.current.set(None);
        let lives_on = polled == Poll::Pending && !self.current_is_dead.get();
        if let Some(task) = self.tasks.borrow_mut().get_mut(id).filter(|_| lives_on) {
            task.work = Some(work);
            return;
        }
        drop(work); // after the list has been given back: what it drops wakes others
    }

    /// Ends all tasks of an owner, wherever they are.
    pub fn kill(&self, owner: Owner) {
        let mut dead = Vec::new();
        for (id, task) in self.tasks.borrow_mut().iter_mut().enumerate().filter(|(_, task)| task.owner == owner) {
            if self.current.get() == Some(id) {
                self.current_is_dead.set(true);
            }
            dead.extend(task.work.take());
        }
        drop(dead); // after the list has been given back: what they drop wakes others
    }

    /// Ends everything: tasks hold the world that holds them.
    pub fn clear(&self) {
        let dead = std::mem::take(&mut *self.tasks.borrow_mut());
        drop(dead);
        self.queue.borrow_mut().clear();
    }

    /// Waits.
    pub fn sleep(self: &Rc<Self>, span: Span) -> Sleep {
        Sleep { until: self.now().plus(span), executor: Rc::clone(self), is_scheduled: false }
    }

    /// A question and its answer: one end waits, the other answers, or is dropped and never does.
    pub fn channel<T>(self: &Rc<Self>) -> (Answer<T>, Answered<T>) {
        let shared = Rc::new(Shared { value: RefCell::new(None), is_over: Cell::new(false), waiter: Cell::new(None) });
        let answer = Answer { shared: Rc::clone(&shared), executor: Rc::clone(self) };
        (answer, Answered { shared, executor: Rc::clone(self) })
    }
}

/// Waiting for a moment.
pub struct Sleep {
    until: Timestamp,
    executor: Rc<Executor>,
    is_scheduled: bool,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.executor.now() >= self.until && self.is_scheduled {
            return Poll::Ready(());
        }
        if let Some(task) = self.executor.current.get().filter(|_| !self.is_scheduled) {
            self.executor.schedule(self.until.since(self.executor.now()), Due::Task(task));
            self.is_scheduled = true;
        }
        Poll::Pending
    }
}

struct Shared<T> {
    value: RefCell<Option<T>>,
    is_over: Cell<bool>,
    waiter: Cell<Option<usize>>,
}

/// The end that answers.
pub struct Answer<T> {
    shared: Rc<Shared<T>>,
    executor: Rc<Executor>,
}

impl<T> Answer<T> {
    /// Answers.
    pub fn send(self, value: T) {
        *self.shared.value.borrow_mut() = Some(value);
    }
}

impl<T> Drop for Answer<T> {
    fn drop(&mut self) {
        self.shared.is_over.set(true);
        if let Some(task) = self.shared.waiter.get() {
            self.executor.schedule(Span::micros(0), Due::Task(task));
        }
    }
}

/// The end that waits; nothing when the other end was dropped.
pub struct Answered<T> {
    shared: Rc<Shared<T>>,
    executor: Rc<Executor>,
}

impl<T> Future for Answered<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        if self.shared.is_over.get() {
            return Poll::Ready(self.shared.value.borrow_mut().take());
        }
        self.shared.waiter.set(self.executor.current.get());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests;
