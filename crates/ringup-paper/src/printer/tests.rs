use std::collections::{BTreeSet, VecDeque};
use std::io;

use super::*;

const WELL: [u8; 4] = [0x12; 4];
const NO_PAPER: [u8; 4] = [0x1a, 0x32, 0x12, 0x7e];
const COVER_OPEN: [u8; 4] = [0x1a, 0x16, 0x12, 0x12];
const NEAR_END: [u8; 4] = [0x12, 0x12, 0x12, 0x1e];
const OFFLINE: [u8; 4] = [0x1a, 0x12, 0x12, 0x12];

/// A printer that does as it is told here.
struct Played {
    state: [u8; 4],
    /// The state from the slip's first byte on.
    state_with_slip: Option<[u8; 4]>,
    /// What it says with the slip's first byte.
    report_with_slip: Vec<u8>,
    /// How many bytes of the slip it takes.
    room: usize,
    /// Whether it answers questions.
    speaks: bool,
    /// The question behind the slip, while it cannot come to it.
    held: bool,
    taken: Vec<u8>,
    /// How often it was listened to and said nothing.
    silences: u32,
    said: VecDeque<u8>,
}

impl Played {
    fn in_state(state: [u8; 4]) -> Self {
        Self {
            state,
            state_with_slip: None,
            report_with_slip: Vec::new(),
            room: usize::MAX,
            speaks: true,
            held: false,
            taken: Vec::new(),
            silences: 0,
            said: VecDeque::new(),
        }
    }

    fn then(self, state: [u8; 4]) -> Self {
        Self { state_with_slip: Some(state), ..self }
    }

    fn helped(&mut self) {
        self.state = WELL;
        self.state_with_slip = None;
        if std::mem::take(&mut self.held) {
            self.said.push_back(0);
        }
    }
}

impl Write for Played {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match *bytes {
            [0x10, 4, number] => {
                if self.speaks {
                    self.said.push_back(self.state[usize::from(number) - 1]);
                }
            }
            [0x1d, b'r', 1] => {
                if self.speaks && self.state[0] & 8 == 0 {
                    self.said.push_back(0);
                } else {
                    self.held = true;
                }
            }
            _ => {
                self.state = self.state_with_slip.unwrap_or(self.state);
                self.said.extend(self.report_with_slip.drain(..));
                let taken = bytes.len().min(self.room - self.taken.len());
                self.taken.extend(&bytes[..taken]);
                return if taken == 0 { Err(ErrorKind::TimedOut.into()) } else { Ok(taken) };
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Played {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(byte) = self.said.pop_front() else {
            self.silences += 1;
            return Err(ErrorKind::WouldBlock.into());
        };
        buffer[0] = byte;
        Ok(1)
    }
}

fn sheet() -> Sheet {
    Sheet { bytes: b"a slip of paper\n".to_vec(), missing: BTreeSet::new() }
}

#[test]
fn a_slip_is_out_when_the_printer_has_come_to_the_question_behind_it() {
    let mut printer = Printer::new(Played::in_state(WELL));
    assert_eq!(printer.print(&sheet()), Printed::Out { near_end: false });
    assert_eq!(printer.connection.taken, sheet().bytes);
}

#[test]
fn a_roll_that_ends_soon_is_told_with_the_slip() {
    assert_eq!(Printer::new(Played::in_state(NEAR_END)).print(&sheet()), Printed::Out { near_end: true });
}

#[test]
fn nothing_is_sent_to_a_printer_that_cannot_print() {
    for (state, trouble) in
        [(NO_PAPER, Trouble::NoPaper), (COVER_OPEN, Trouble::CoverOpen), (OFFLINE, Trouble::Offline)]
    {
        let mut printer = Printer::new(Played::in_state(state));
        assert_eq!(printer.print(&sheet()), Printed::NotSent(trouble));
        assert_eq!(printer.connection.taken, b"");
    }
}

#[test]
fn nothing_is_sent_to_a_printer_that_does_not_answer() {
    let mut printer = Printer::new(Played { speaks: false, ..Played::in_state(WELL) });
    assert_eq!(printer.print(&sheet()), Printed::NotSent(Trouble::Unknown));
    assert_eq!(printer.connection.taken, b"");
}

#[test]
fn paper_that_ends_within_the_slip_leaves_it_unfinished() {
    let mut printer = Printer::new(Played::in_state(WELL).then(NO_PAPER));
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::NoPaper));
    assert_eq!(printer.finish(), Printed::Unfinished(Trouble::NoPaper));
}

#[test]
fn a_slip_comes_out_when_paper_was_put_in() {
    let mut printer = Printer::new(Played::in_state(WELL).then(NO_PAPER));
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::NoPaper));
    printer.connection.helped();
    assert_eq!(printer.finish(), Printed::Out { near_end: false });
}

#[test]
fn a_cover_opened_within_the_slip_leaves_it_unfinished() {
    let mut printer = Printer::new(Played::in_state(WELL).then(COVER_OPEN));
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::CoverOpen));
}

#[test]
fn a_printer_that_never_comes_to_the_question_is_not_believed() {
    let mut printer = Printer::new(Played::in_state(WELL).then(OFFLINE));
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::Offline));
    // Online again, and still no answer to the question: nobody knows, and nobody waits for ever.
    printer.connection.state = WELL;
    printer.connection.silences = 0;
    assert_eq!(printer.finish(), Printed::Unfinished(Trouble::Unknown));
    assert_eq!(printer.connection.silences, SILENCES_MAX + 1);
}

#[test]
fn a_printer_that_stops_taking_bytes_says_why_and_gets_no_other_slip() {
    let mut printer = Printer::new(Played { room: 5, ..Played::in_state(WELL).then(NO_PAPER) });
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::NoPaper));
    printer.connection.helped();
    assert_eq!(printer.print(&sheet()), Printed::NotSent(Trouble::Unknown));
    assert_eq!(printer.connection.taken, b"a sli");
}

#[test]
fn a_report_that_nobody_asked_for_is_not_taken_for_the_end_of_the_slip() {
    // Near the end of the roll, and the question behind the slip is held: the printer is offline.
    let played = Played { report_with_slip: vec![0x18, 0x00, 0x03, 0x00], ..Played::in_state(WELL).then(OFFLINE) };
    let mut printer = Printer::new(played);
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::Offline));
    printer.connection.state = WELL;
    assert_eq!(printer.finish(), Printed::Unfinished(Trouble::Unknown));
    printer.connection.helped();
    assert_eq!(printer.finish(), Printed::Out { near_end: false });
}

#[test]
fn flow_control_is_not_taken_for_the_end_of_the_slip() {
    let (xoff, xon) = (0x13, 0x11);
    let mut printer =
        Printer::new(Played { report_with_slip: vec![xoff, xon], ..Played::in_state(WELL).then(OFFLINE) });
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::Offline));
    printer.connection.state = WELL;
    assert_eq!(printer.finish(), Printed::Unfinished(Trouble::Unknown));
}

#[test]
fn a_late_answer_is_not_taken_for_the_next_question() {
    let mut printer = Printer::new(Played { speaks: false, ..Played::in_state(WELL) });
    assert_eq!(printer.state(), Err(Trouble::Unknown));
    // The late answer to the first question says "offline"; the second question is about the cover.
    printer.connection.said.push_back(0x1a);
    printer.connection.speaks = true;
    assert_eq!(printer.state(), Ok(State::default()));
}

#[test]
fn what_is_no_answer_is_passed_over() {
    let mut played = Played::in_state(NO_PAPER);
    played.said.extend([0x14, 0x00, 0x0f, 0x00]);
    assert_eq!(Printer::new(played).print(&sheet()), Printed::NotSent(Trouble::NoPaper));
}

#[test]
fn a_printer_that_says_nothing_but_noise_is_unknown() {
    struct Noise;
    impl Read for Noise {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.fill(0xff);
            Ok(buffer.len())
        }
    }
    impl Write for Noise {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    assert_eq!(Printer::new(Noise).print(&sheet()), Printed::NotSent(Trouble::Unknown));
}

#[test]
fn a_closed_connection_is_unknown() {
    let (one, other) = std::os::unix::net::UnixStream::pair().unwrap();
    drop(other);
    assert_eq!(Printer::new(one).print(&sheet()), Printed::NotSent(Trouble::Unknown));
}

#[test]
fn trouble_behind_the_last_line_makes_the_slip_doubtful() {
    let cutter_stuck = [0x12, 0x52, 0x1a, 0x12];
    let mut printer = Printer::new(Played::in_state(WELL).then(cutter_stuck));
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::Error));
}

#[test]
fn a_slip_that_was_doubtful_is_out_when_the_trouble_is_over() {
    let cutter_stuck = [0x12, 0x52, 0x1a, 0x12];
    let mut printer = Printer::new(Played::in_state(WELL).then(cutter_stuck));
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::Error));
    printer.connection.helped();
    assert_eq!(printer.finish(), Printed::Out { near_end: false });
    assert_eq!(printer.finish(), Printed::NotSent(Trouble::Unknown));
}

#[test]
fn the_answer_for_an_earlier_slip_is_not_taken_for_the_next_ones() {
    let mut printer = Printer::new(Played::in_state(WELL).then(NO_PAPER));
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::NoPaper));
    // With new paper it has the first slip to print, and answers for it only when the second one is sent.
    printer.connection.state = WELL;
    printer.connection.held = false;
    printer.connection.state_with_slip = Some(OFFLINE);
    printer.connection.report_with_slip = vec![0];
    assert_eq!(printer.print(&sheet()), Printed::Unfinished(Trouble::Offline));
    printer.connection.state = WELL;
    assert_eq!(printer.finish(), Printed::Unfinished(Trouble::Unknown));
    printer.connection.helped();
    assert_eq!(printer.finish(), Printed::Out { near_end: false });
}

#[test]
fn with_no_slip_under_way_there_is_nothing_to_finish() {
    let mut printer = Printer::new(Played::in_state(COVER_OPEN));
    assert_eq!(printer.finish(), Printed::NotSent(Trouble::CoverOpen));
}
