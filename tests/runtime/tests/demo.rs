//! Links the demo as its manifest says, and does business with it.

use std::sync::LazyLock;

use hyper::StatusCode;
use wasmtime::component::{Component, Instance, Val};
use witc_runtime_tests::gateway::Gateway;
use witc_runtime_tests::host::{self, Host};
use witc_runtime_tests::linked;

static PAYMENTS: LazyLock<Component> = LazyLock::new(|| linked("payments"));
static MOCK: LazyLock<Component> = LazyLock::new(|| linked("mock"));
static AUDITED: LazyLock<Component> = LazyLock::new(|| linked("audited"));
static FRONT: LazyLock<Component> = LazyLock::new(|| linked("front"));
static CLI: LazyLock<Component> = LazyLock::new(|| linked("cli"));

/// What witc links for a composition of the demo.
fn linked(composition: &str) -> Component {
    host::compile(&linked::composition("wit-fixtures/demo/witc.toml", composition))
}

/// One instance of a linked processor, which can be asked to pay.
struct Shop {
    host: Host,
    instance: Instance,
}

impl Shop {
    async fn open(component: &Component, environment: &[(&str, &str)]) -> Self {
        let mut host = Host::new(component, environment, &[]).expect("the host is in order");
        let instance = host.instantiate().await.expect("the host has all that is imported");
        Self { host, instance }
    }

    /// Pays; the result is written as WIT has it: `success("...")`.
    async fn pay(&mut self, amount: u64, currency: &str, customer: &str) -> String {
        let request = Val::Record(vec![
            ("amount".into(), Val::U64(amount)),
            ("currency".into(), Val::String(currency.into())),
            ("customer-id".into(), Val::String(customer.into())),
        ]);
        let processor = "company:payments/processor";
        let result = self.host.call(&self.instance, processor, "process", &[request]).await;
        let result = result.expect("no component traps");
        let Val::Variant(case, Some(text)) = result else { panic!("not a payment-result: {result:?}") };
        let Val::String(text) = *text else { panic!("not a text: {text:?}") };
        format!("{case}({text:?})")
    }
}

#[tokio::test]
async fn the_processor_answers_with_the_mock_gateway() {
    let mut shop = Shop::open(&MOCK, &[]).await;
    assert_eq!(shop.pay(250, "EUR", "alice").await, r#"success("mock-alice-250-EUR")"#);
    assert_eq!(shop.pay(1, "USD", "bob").await, r#"success("mock-bob-1-USD")"#);
    assert_eq!(shop.pay(250, "GBP", "alice").await, r#"declined("the mock gateway does not charge in GBP")"#);
    assert_eq!(shop.pay(0, "EUR", "alice").await, r#"error("the amount must be positive")"#);
    assert_eq!(shop.pay(250, "", "alice").await, r#"error("the currency is missing")"#);
    assert_eq!(shop.pay(250, "EUR", "").await, r#"error("the customer is missing")"#);
    assert_eq!(shop.pay(1_000_000, "EUR", "alice").await, r#"success("mock-alice-1000000-EUR")"#);
    let over = format!("declined(\"{} is over the limit of 1000000\")", u64::MAX);
    assert_eq!(shop.pay(u64::MAX, "EUR", "alice").await, over);
}

#[tokio::test]
async fn an_audit_log_sees_each_charge_and_changes_none() {
    let mut shop = Shop::open(&AUDITED, &[]).await;
    assert_eq!(shop.pay(250, "EUR", "alice").await, r#"success("mock-alice-250-EUR")"#);
    assert_eq!(shop.pay(250, "GBP", "bob").await, r#"declined("the mock gateway does not charge in GBP")"#);
    assert_eq!(
        shop.pay(1_000_001, "EUR", "eve").await,
        r#"declined("1000001 is over the limit of 1000000")"#
    );
    assert_eq!(shop.pay(1, "EUR", "eve\naudit: ").await, r#"success("mock-eve\naudit: -1-EUR")"#);
    let lines = "audit: charge 250 EUR for alice: approved: mock-alice-250-EUR\n\
                 audit: charge 250 GBP for bob: refused: the mock gateway does not charge in GBP\n\
                 audit: charge 1 EUR for eve?audit: : approved: mock-eve?audit: -1-EUR\n";
    assert_eq!(shop.host.stderr(), lines);
    assert!(shop.host.has_no_resources());
}

#[tokio::test]
async fn texts_of_any_length_pass_through_the_seams() {
    let mut shop = Shop::open(&MOCK, &[]).await;
    for length in [1, 4095, 4096, 65_536, 1 << 20] {
        let customer = "é".repeat(length);
        let expected = format!("success(\"mock-{customer}-7-EUR\")");
        assert!(shop.pay(7, "EUR", &customer).await == expected, "with a customer of {length} letters");
    }
}

#[tokio::test]
async fn a_payment_goes_through_a_gateway_on_the_network() {
    let gateway = Gateway::charging().await.unwrap();
    let mut shop = Shop::open(&PAYMENTS, &[("GATEWAY", &gateway.address())]).await;
    assert_eq!(shop.pay(250, "EUR", "alice").await, r#"success("charged-alice-250-EUR")"#);
    assert_eq!(shop.pay(40, "USD", "bob").await, r#"success("charged-bob-40-USD")"#);
    assert_eq!(shop.pay(40, "GBP", "bob").await, r#"declined("no account in GBP")"#);

    let received = gateway.received();
    assert_eq!(received.len(), 3);
    assert_eq!(received[0].target, "POST /charge");
    assert_eq!(received[0].content_type, "application/x-www-form-urlencoded");
    assert_eq!(received[0].body, "amount=250&currency=EUR&customer=alice");
    assert!(shop.host.has_no_resources());
}

#[tokio::test]
async fn a_declined_payment_does_not_reach_the_network() {
    let gateway = Gateway::charging().await.unwrap();
    let mut shop = Shop::open(&PAYMENTS, &[("GATEWAY", &gateway.address())]).await;
    let declined = r#"declined("1000001 is over the limit of 1000000")"#;
    assert_eq!(shop.pay(1_000_001, "EUR", "alice").await, declined);
    assert_eq!(gateway.received(), []);
}

#[tokio::test]
async fn what_a_customer_is_called_cannot_change_the_request() {
    let gateway = Gateway::charging().await.unwrap();
    let mut shop = Shop::open(&PAYMENTS, &[("GATEWAY", &gateway.address())]).await;
    let result = shop.pay(5, "EUR", "mallory&amount=0&é").await;
    assert_eq!(result, r#"success("charged-mallory%26amount%3D0%26%C3%A9-5-EUR")"#);
    assert_eq!(gateway.received()[0].body, "amount=5&currency=EUR&customer=mallory%26amount%3D0%26%C3%A9");
}

#[tokio::test]
async fn long_requests_and_answers_are_sent_in_pieces() {
    let gateway = Gateway::charging().await.unwrap();
    let mut shop = Shop::open(&PAYMENTS, &[("GATEWAY", &gateway.address())]).await;
    let customer = "c".repeat(50_000);
    let expected = format!("success(\"charged-{customer}-5-EUR\")");
    assert!(shop.pay(5, "EUR", &customer).await == expected);
    assert!(shop.host.has_no_resources());
}

#[tokio::test]
async fn what_is_wrong_with_the_gateway_is_told() {
    async fn check(answer: fn(&str) -> (StatusCode, String), expected: &str) {
        let gateway = Gateway::answering(answer).await.unwrap();
        let mut shop = Shop::open(&PAYMENTS, &[("GATEWAY", &gateway.address())]).await;
        assert_eq!(shop.pay(250, "EUR", "alice").await, expected);
        assert!(shop.host.has_no_resources());
    }
    check(
        |_| (StatusCode::INTERNAL_SERVER_ERROR, "out of order".into()),
        r#"error("this is no gateway: it answers with HTTP status 500")"#,
    )
    .await;
    check(|_| (StatusCode::OK, "x".repeat(1 << 20)), r#"error("the gateway's answer is too long")"#).await;
    check(|_| (StatusCode::PAYMENT_REQUIRED, "no\u{1b}[2J\n".into()), r#"declined("no?[2J?")"#).await;
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_an_error() {
    let gone = Gateway::charging().await.unwrap().address();
    let mut shop = Shop::open(&PAYMENTS, &[("GATEWAY", &gone)]).await;
    let refused = r#"error("no answer from the gateway: wasi:http error-code 6")"#;
    assert_eq!(shop.pay(250, "EUR", "alice").await, refused);
    assert!(shop.host.has_no_resources());

    let mut shop = Shop::open(&PAYMENTS, &[("GATEWAY", "not an address")]).await;
    let refused = r#"error("GATEWAY is no address: not an address")"#;
    assert_eq!(shop.pay(250, "EUR", "alice").await, refused);
    assert!(shop.host.has_no_resources());
}

#[tokio::test]
async fn the_front_answers_requests() {
    async fn check(path: &str, expected: (u16, &str)) {
        let mut host = Host::new(&FRONT, &[], &[]).unwrap();
        let (status, text) = host.get(path).await.unwrap();
        assert_eq!((status, text.as_str()), expected, "{path}");
        assert!(host.has_no_resources(), "{path}");
    }
    let bad = "bad request; ask as /pay?amount=250&currency=EUR&customer=alice\n";
    let lost = "not found; ask for /pay?amount=250&currency=EUR&customer=alice\n";
    check("/pay?amount=250&currency=EUR&customer=alice", (200, "success: mock-alice-250-EUR\n")).await;
    check("/pay?customer=b.2&x&amount=1&currency=USD", (200, "success: mock-b.2-1-USD\n")).await;
    check(
        "/pay?amount=250&currency=GBP&customer=alice",
        (402, "declined: the mock gateway does not charge in GBP\n"),
    )
    .await;
    check("/pay?amount=0&currency=EUR&customer=alice", (502, "error: the amount must be positive\n")).await;
    check("/pay?amount=-1&currency=EUR&customer=alice", (400, bad)).await;
    check("/pay?amount=9999999999999999999&currency=EUR&customer=alice", (400, bad)).await;
    check("/pay?amount=250&currency=EUR&customer=%0a", (400, bad)).await;
    check("/pay?amount=250&currency=EUR", (400, bad)).await;
    check("/pay", (400, bad)).await;
    check("/", (404, lost)).await;
    check("/payment?amount=250&currency=EUR&customer=alice", (404, lost)).await;
}

#[tokio::test]
async fn the_command_prints_its_payments() {
    async fn check(arguments: &[&str], expected: (bool, &str, &str)) {
        let mut host = Host::new(&CLI, &[], arguments).unwrap();
        let succeeded = host.run().await.unwrap();
        assert_eq!((succeeded, host.stdout().as_str(), host.stderr().as_str()), expected, "{arguments:?}");
        assert!(host.has_no_resources(), "{arguments:?}");
    }
    let usage = "usage: pay [AMOUNT CURRENCY CUSTOMER]...\n";
    check(&["pay"], (true, "success: mock-alice-250-EUR\n", "")).await;
    check(&["pay", "7", "USD", "bob"], (true, "success: mock-bob-7-USD\n", "")).await;
    check(
        &["pay", "7", "USD", "bob", "2000000", "EUR", "eve", "0", "EUR", "eve"],
        (
            true,
            "success: mock-bob-7-USD\n\
             declined: 2000000 is over the limit of 1000000\n\
             error: the amount must be positive\n",
            "",
        ),
    )
    .await;
    check(&["pay", "7", "USD"], (false, "", usage)).await;
    check(&["pay", "seven", "USD", "bob"], (false, "", usage)).await;
}
