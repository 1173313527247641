//! A data file that cannot grow.

use crate::program::Program;

#[test]
fn a_full_disk_is_told_and_nothing_that_was_answered_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("vaults.db");
    let flags = ["--data", data.to_str().unwrap()];
    let body = format!(r#"{{"value":"{}"}}"#, "v".repeat(20_000));
    // A write beyond the largest file then fails as on a full disk, instead of ending the program.
    let program = Program::start_under("trap '' XFSZ && ulimit -f 300", folder.path(), &flags);
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
    assert_eq!(program.end("-TERM").code(), Some(0));

    let program = Program::start(folder.path(), &flags);
    for number in 0..answered {
        assert_eq!(program.call("GET", &format!("/secrets/s{number}"), "").0, 200, "s{number}");
    }
    assert_eq!(set_after(&program, &body), 200, "there is room again");
}

fn set_after(program: &Program, body: &str) -> u16 {
    program.call("PUT", "/secrets/after", body).0
}
