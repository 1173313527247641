//! A data file that cannot grow.

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::program::{Program, until};

#[test]
fn a_full_disk_is_told_and_nothing_that_was_answered_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("vaults.db");
    let flags = ["--data", data.to_str().unwrap()];
    // A write beyond the largest file then fails as on a full disk, instead of ending the program.
    let program = Program::start_under("trap '' XFSZ && ulimit -S -f 300", folder.path(), &flags);
    let body = format!(r#"{{"value":"{}"}}"#, "v".repeat(20_000));
    let set = |number: usize| program.call("PUT", &format!("/secrets/s{number}"), &body);
    let (answered, (status, refusal)) =
        (0..).map(|number| (number, set(number))).find(|(_, (status, _))| *status != 200).unwrap();
    assert!(answered > 0);
    assert_eq!(status, 500);
    assert!(refusal.contains("The data file could not be written"), "{refusal}");
    for (method, path) in [("GET", "/secrets/s0"), ("PUT", "/secrets/s0"), ("GET", "/control/vaults/default")]
    {
        assert_eq!(program.call(method, path, &body).0, 500, "{method} {path}: memory is ahead of the file");
    }

    let roomy = Rlimit { current: None, maximum: None };
    prlimit(Pid::from_raw(program.child.id().try_into().unwrap()), Resource::Fsize, roomy).unwrap();
    until(|| (program.call("GET", "/secrets/s0", "").0 == 200).then_some(()));
    assert_eq!(program.call("PUT", "/secrets/after", &body).0, 200);
    program.end("-KILL");

    let program = Program::start(folder.path(), &flags);
    for name in (0..answered).map(|number| format!("s{number}")).chain(["after".to_owned()]) {
        assert_eq!(program.call("GET", &format!("/secrets/{name}"), "").0, 200, "{name}");
    }
}
