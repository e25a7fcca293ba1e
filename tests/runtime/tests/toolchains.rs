//! Links components that real toolchains made, each processor with each gateway, and does business with what comes out.
//! All pairs, and all triples with the front or the command, are linked and held against the validator; the usual pairs are run.
//!
//! Differs from `demo.rs`, whose components are part of the project: these lie in a folder that `WITC_COMPONENTS` names,
//! as `rust/processor.wasm`, `c/http-adapter.wasm`, and so on. Without it, no test here runs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use hyper::StatusCode;
use libtest_mimic::{Arguments, Failed, Trial};
use wasmtime::component::{Component, Val};
use witc_runtime_tests::gateway::{Answer, Gateway};
use witc_runtime_tests::host::{self, Host};
use witc_runtime_tests::linked;

const PROCESSORS: [&str; 5] = ["rust", "c", "js", "js-qjs", "python"];
const GATEWAYS: [&str; 5] =
    ["rust/mock-gateway", "cpp/mock-gateway", "rust/http-adapter", "c/http-adapter", "js/http-adapter"];

/// Each toolchain on each side at least once; all other pairs are asked for with `--include-ignored`.
const USUAL: [(&str, &str); 7] = [
    ("rust", "rust/http-adapter"),
    ("c", "rust/mock-gateway"),
    ("js", "c/http-adapter"),
    ("js-qjs", "cpp/mock-gateway"),
    ("python", "js/http-adapter"),
    ("js", "rust/mock-gateway"),
    ("rust", "cpp/mock-gateway"),
];

/// What uses a processor: a triple has one of them.
const USERS: [&str; 2] = ["rust/front.wasm", "rust/cli-driver.wasm"];

/// Where the HTTP adapters look for their gateway when nobody tells them.
const PORT: u16 = 8099;

fn main() -> ExitCode {
    let folder = std::env::var_os("WITC_COMPONENTS").map(PathBuf::from);
    let mut trials = Vec::new();
    for processor in PROCESSORS {
        for gateway in GATEWAYS {
            let usual = folder.is_some() && USUAL.contains(&(processor, gateway));
            let folder = folder.clone();
            let work = move || match folder {
                Some(folder) => business(&folder, processor, gateway),
                None => Err("WITC_COMPONENTS names no folder".into()),
            };
            trials.push(Trial::test(format!("{processor}_with_{gateway}"), work).with_ignored_flag(!usual));
        }
    }
    for processor in PROCESSORS {
        let is_ignored = folder.is_none();
        let folder = folder.clone();
        let work = move || match folder {
            Some(folder) => all_link(&folder, processor),
            None => Err("WITC_COMPONENTS names no folder".into()),
        };
        let trial = Trial::test(format!("all_pairs_and_triples_link_with_{processor}"), work);
        trials.push(trial.with_ignored_flag(is_ignored));
    }
    let network = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let network = network.expect("the system gives a thread to a program that has just started");
    let _gateway =
        folder.map(|_| network.block_on(Gateway::answering_at(PORT, charge)).expect("the port is free"));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// What the gateway answers to `250 EUR alice`.
fn charge(body: &str) -> Answer {
    let mut words = body.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (amount, currency, customer) = (word(), word(), word());
    match currency {
        "EUR" | "USD" => (StatusCode::OK, format!("gw-{customer}-{amount}-{currency}")),
        _ => (StatusCode::PAYMENT_REQUIRED, format!("currency {currency} refused by gateway")),
    }
}

/// What one of the gateways says of a payment of 250, and of one in a currency that it does not know.
fn answers(gateway: &str) -> (&'static str, &'static str) {
    match gateway {
        "rust/mock-gateway" => ("rsmock-alice-250", "currency GBP not accepted"),
        "cpp/mock-gateway" => ("cppmock-alice-250", "currency GBP not accepted"),
        _ => ("gw-alice-250-EUR", "currency GBP refused by gateway"),
    }
}

/// Links a processor with each gateway, alone and as a triple with each user. Nothing is run, and the function bodies are
/// not validated again: they are those of the inputs.
fn all_link(folder: &Path, processor: &str) -> Result<(), Failed> {
    for gateway in GATEWAYS {
        for user in [None, Some(USERS[0]), Some(USERS[1])] {
            let user = user.map(|user| folder.join(user));
            let pair = [processor_file(folder, processor), folder.join(format!("{gateway}.wasm"))];
            let paths: Vec<PathBuf> = pair.into_iter().chain(user).collect();
            linked::valid_set(&paths).map_err(|problem| format!("{paths:?}: {problem}"))?;
        }
    }
    Ok(())
}

fn processor_file(folder: &Path, processor: &str) -> PathBuf {
    match processor {
        "js" => folder.join("js/processor.full.wasm"),
        toolchain => folder.join(format!("{toolchain}/processor.wasm")),
    }
}

/// Links the two alone, behind the front, and with the command, and pays in each of these ways.
fn business(folder: &Path, processor: &str, gateway: &str) -> Result<(), Failed> {
    let processor = processor_file(folder, processor);
    let answers = answers(gateway);
    let gateway = folder.join(format!("{gateway}.wasm"));
    let linked = |user: Option<&str>| -> Result<Component, Failed> {
        let user = user.map(|user| folder.join(user));
        let paths: Vec<PathBuf> = [processor.clone(), gateway.clone()].into_iter().chain(user).collect();
        Ok(host::compile(&linked::set(&paths)?))
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(called(&linked(None)?, answers))?;
    runtime.block_on(served(&linked(Some(USERS[0]))?, answers))?;
    runtime.block_on(run(&linked(Some(USERS[1]))?, answers))?;
    Ok(())
}

async fn called(component: &Component, (paid, refused): (&str, &str)) -> Result<(), Failed> {
    for (amount, currency, expected) in [
        (250, "EUR", ("success", paid)),
        (250, "GBP", ("declined", refused)),
        (1_000_001, "EUR", ("declined", "amount 1000001 is over the limit")),
        (0, "EUR", ("error", "amount must be positive")),
    ] {
        let mut host = Host::new(component, &[], &[])?;
        let instance = host.instantiate().await?;
        let request = Val::Record(vec![
            ("amount".into(), Val::U64(amount)),
            ("currency".into(), Val::String(currency.into())),
            ("customer-id".into(), Val::String("alice".into())),
        ]);
        let result = host.call(&instance, "company:payments/processor", "process", &[request]).await?;
        let expected = Val::Variant(expected.0.into(), Some(Box::new(Val::String(expected.1.into()))));
        same(&result, &expected)?;
    }
    Ok(())
}

async fn served(component: &Component, (paid, refused): (&str, &str)) -> Result<(), Failed> {
    for (currency, expected) in
        [("EUR", (200, format!("success: {paid}\n"))), ("GBP", (402, format!("declined: {refused}\n")))]
    {
        let mut host = Host::new(component, &[], &[])?;
        let answer = host.get(&format!("/pay?amount=250&currency={currency}&customer=alice")).await?;
        same(&answer, &expected)?;
    }
    Ok(())
}

async fn run(component: &Component, (paid, refused): (&str, &str)) -> Result<(), Failed> {
    let arguments = ["driver", "250", "EUR", "alice", "250", "GBP", "alice"];
    let mut host = Host::new(component, &[], &arguments)?;
    let succeeded = host.run().await?;
    let expected = format!("PaymentResult::Success({paid:?})\nPaymentResult::Declined({refused:?})\n");
    same(&(succeeded, host.stdout()), &(true, expected))
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), Failed> {
    if found == expected { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}").into()) }
}
