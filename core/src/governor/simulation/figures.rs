//! The figures that `bench/simulate.py` plots.

use std::{env, fs};

use serde_json::{Value, json};

use super::{
    CROWDS, crowd,
    jobs::{JOBS, TOLD_AFTER, many},
    outage,
};

#[test]
#[ignore = "writes a file; `make bench-simulation` runs it"]
fn figures() {
    let crowds: Vec<Value> = CROWDS
        .into_iter()
        .map(|processes| {
            let outcome = crowd(processes).run(120.0);
            json!({
                "processes": processes,
                "used": outcome.used(),
                "fairness": outcome.fairness(),
                "refused": outcome.refused_share(),
            })
        })
        .collect();
    let jobs: Vec<Value> = JOBS
        .iter()
        .map(|job| {
            let figures = job.figures();
            json!({
                "job": job.title,
                "time_over_ideal": figures.time_over_ideal,
                "refused": figures.refused,
                "refused_at_first": figures.refused_at_first,
            })
        })
        .collect();
    let told: Vec<Value> = TOLD_AFTER
        .into_iter()
        .map(|after| {
            let figures = many().figures_if_told(after);
            json!({"after": after, "time_over_ideal": figures.time_over_ideal, "refused": figures.refused})
        })
        .collect();
    let file = env::var_os("LIBKV_FIGURES").expect("LIBKV_FIGURES names the file to write");
    let figures = json!({"jobs": jobs, "told": told, "crowds": crowds, "outage": outage().seconds});
    fs::write(file, format!("{figures}\n")).unwrap();
}
