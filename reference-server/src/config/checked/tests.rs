//! What the configuration refuses, and in which words.

use clap::Parser;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

fn resolve(flags: &[&str], names: &[&str]) -> Result<Config, Vec<String>> {
    let line = std::iter::once("kotha").chain(flags.iter().copied());
    let settings = Line::parse_from(line).settings;
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    Config::resolve(settings, &names).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn refusal(flags: &[&str]) -> String {
    resolve(flags, &[]).expect_err("must be refused").join("\n")
}

#[test]
fn defaults_are_the_embedded_sandbox() {
    let config = resolve(&[], &["KOTHA_LISTEN"]).expect("defaults");
    assert_eq!(config.esewa.environment, EsewaEnvironment::Sandbox);
    assert_eq!(config.unlock_price.decimal_text(), "30.00");
    assert!(config.demo);
    assert_eq!(config.database.to_string(), "sqlite:kotha-data/kotha.sqlite3");
    assert!(config.redis.is_none());
}

#[test]
fn unknown_variable_is_refused_by_name() {
    let problems = resolve(&[], &["KOTHA_LISTN"]).expect_err("misspelled");
    assert!(problems[0].starts_with("KOTHA_LISTN is not a variable"), "{problems:?}");
}

#[test]
fn all_problems_are_named_at_once() {
    let problems =
        resolve(&["--unlock-price=-1", "--public-url=ftp://x/"], &["KOTHA_X"]).expect_err("three problems");
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn production_refuses_the_test_pair() {
    assert!(refusal(&["--esewa-environment=production"]).contains("KOTHA_ESEWA_PRODUCT_CODE"));
    let code = &[
        "--esewa-environment=production",
        "--esewa-product-code=EPAYTEST",
        "--esewa-secret-key=another-key-0",
    ];
    assert!(refusal(code).contains("test merchant"));
    let key = &[
        "--esewa-environment=production",
        "--esewa-product-code=NP-ES-KOTHA",
        "--esewa-secret-key=8gBm/:&EnhH.1/q",
    ];
    assert!(refusal(key).starts_with("KOTHA_ESEWA_SECRET_KEY"));
    assert!(!refusal(key).contains("8gBm"), "the key itself must not be shown");
}

#[test]
fn production_needs_an_https_address_of_its_own() {
    let merchant = [
        "--esewa-environment=production",
        "--esewa-product-code=NP-ES-KOTHA",
        "--esewa-secret-key=another-key-0",
    ];
    assert!(refusal(&merchant).starts_with("KOTHA_PUBLIC_URL"));
    assert!(refusal(&[&merchant[..], &["--public-url=http://rooms.example"]].concat()).contains("https://"));
    assert!(resolve(&[&merchant[..], &["--public-url=https://rooms.example"]].concat(), &[]).is_ok());
}

#[test]
fn every_address_is_no_public_address() {
    assert!(refusal(&["--listen=0.0.0.0:8080"]).starts_with("KOTHA_PUBLIC_URL"));
}

#[test]
fn v1_has_one_host() {
    let config = resolve(&["--esewa-api=v1"], &[]).expect("v1");
    assert_eq!(config.esewa.api, EsewaApi::V1);
    assert!(config.to_string().contains("KOTHA_ESEWA_API=v1\n"));
    let status = &["--esewa-api=v1", "--esewa-status-url=https://esewa.com.np/"];
    assert!(refusal(status).starts_with("KOTHA_ESEWA_STATUS_URL"));
}

#[test]
fn demo_accounts_are_refused_outside_the_sandbox() {
    assert!(refusal(&["--esewa-environment=test", "--demo=true"]).starts_with("KOTHA_DEMO"));
}

#[test]
fn database_without_a_file_is_refused() {
    assert!(refusal(&["--database-url=sqlite::memory:"]).contains("forget payments"));
    assert!(refusal(&["--database-url=sqlite:"]).contains("names no file"));
}

#[test]
fn wrong_addresses_are_refused_in_words_that_do_not_repeat_them() {
    let wrong = [
        "--database-url=mysql://kotha:hunter2@db/kotha",
        "--database-url=postgres://kotha:hunter2@db:port/kotha",
        "--database-url=postgres://kotha:hunter2@db/kotha?sslmode=sometimes",
        "--database-url=postgres://kotha:hunter2@db/kotha?ssl=hunter2",
        "--database-url=postgres://kotha@db/kotha?password=hunter2",
        "--redis-url=hunter2",
        "--redis-url=127.0.0.1:hunter2",
        "--redis-url=http://:hunter2@cache/",
        "--redis-url=redis://:hunter2@cache:6379/zero",
    ];
    for flag in wrong {
        let refusal = refusal(&[flag]);
        let variable = if flag.contains("redis") { "KOTHA_REDIS_URL: " } else { "KOTHA_DATABASE_URL: " };
        assert!(refusal.starts_with(variable), "{flag} gave {refusal}");
        assert!(!refusal.contains("hunter2"), "a password must not be repeated: {refusal}");
    }
}

#[test]
fn shown_addresses_have_their_passwords_redacted() {
    let flags = [
        "--database-url=postgres://kotha:hunter2@db:5433/kotha?sslmode=require",
        "--redis-url=rediss://:hunter2@cache:6380/3",
    ];
    let config = resolve(&flags, &[]).expect("both");
    let shown = config.to_string();
    assert!(!format!("{shown}{config:?}").contains("hunter2"), "{shown}{config:?}");
    assert!(shown.contains("KOTHA_DATABASE_URL=postgres://kotha:(redacted)@db:5433/kotha?sslmode=require\n"));
    assert!(shown.contains("KOTHA_REDIS_URL=rediss://:(redacted)@cache:6380/3\n"));
    let socket = resolve(&["--redis-url=unix:///run/redis.sock?db=1&pass=hunter2"], &[]).expect("a socket");
    assert!(!format!("{socket}{socket:?}").contains("hunter2"));
}

#[test]
fn trusted_origin_must_be_exact() {
    assert!(refusal(&["--trusted-origins=https://a.example/"]).contains("did you mean `https://a.example`"));
    let config = resolve(&["--trusted-origins=https://a.example,https://b.example:8443"], &[]).expect("two");
    assert_eq!(config.trusted_origins, ["https://a.example", "https://b.example:8443"]);
}

#[test]
fn trusted_proxies_are_addresses_or_networks() {
    let config = resolve(&["--trusted-proxies=127.0.0.1, 10.1.2.3/8,::1"], &[]).expect("three");
    assert!(config.to_string().contains("KOTHA_TRUSTED_PROXIES=127.0.0.1/32,10.0.0.0/8,::1/128\n"));
    assert!(refusal(&["--trusted-proxies=nginx"]).starts_with("KOTHA_TRUSTED_PROXIES: `nginx` is neither"));
}

#[test]
fn shown_configuration_redacts_the_secret() {
    let shown = resolve(&["--esewa-secret-key=a-key-nobody-knows"], &[]).expect("config");
    let shown = format!("{shown}{shown:?}");
    assert!(!shown.contains("a-key-nobody-knows"), "{shown}");
}

#[test]
fn refused_key_is_not_repeated() {
    for key in ["key-nobody-knows ", "key-nobody-knows(", " key-nobody-knows\n"] {
        let refusal = refusal(&[&format!("--esewa-secret-key={key}")]);
        assert!(refusal.starts_with("KOTHA_ESEWA_SECRET_KEY: "), "{refusal}");
        assert!(!refusal.contains("nobody"), "{refusal}");
    }
}

#[test]
fn production_keeps_its_rate_limits() {
    let flags = [
        "--esewa-environment=production",
        "--esewa-product-code=NP-ES-KOTHA",
        "--esewa-secret-key=another-key-0",
        "--public-url=https://rooms.example",
        "--rate-limits=off",
    ];
    assert!(refusal(&flags).starts_with("KOTHA_RATE_LIMITS"));
    assert!(resolve(&["--rate-limits=off"], &[]).is_ok());
}

#[test]
fn addresses_of_esewa_are_shown_without_their_userinfo() {
    let flags = [
        "--esewa-status-url=https://kotha:hunter2@proxy.example/status/?key=hunter2",
        "--esewa-form-url=https://proxy.example/form",
    ];
    let config = resolve(&flags, &[]).expect("a proxy");
    let shown = config.to_string();
    assert!(!format!("{shown}{config:?}").contains("hunter2"), "{shown}{config:?}");
    assert!(
        shown.contains("KOTHA_ESEWA_STATUS_URL=https://redacted@proxy.example/status/?(redacted)\n"),
        "{shown}"
    );
    assert!(shown.contains("KOTHA_ESEWA_FORM_URL=https://proxy.example/form\n"), "{shown}");
    let token = resolve(&["--esewa-status-url=https://hunter2@proxy.example/"], &[]).expect("a token");
    assert!(!format!("{token}{token:?}").contains("hunter2"));
}

#[test]
fn addresses_of_esewa_are_refused_in_words_that_do_not_repeat_them() {
    for (flag, variable) in [
        ("--esewa-status-url=hunter2", "KOTHA_ESEWA_STATUS_URL: must be a web address"),
        ("--esewa-status-url=ftp://kotha:hunter2@a/", "KOTHA_ESEWA_STATUS_URL: must be a web address"),
        ("--esewa-form-url=hunter2", "KOTHA_ESEWA_FORM_URL: must be a web address"),
        ("--esewa-form-url=https://kotha:hunter2@a/", "KOTHA_ESEWA_FORM_URL: every payer"),
    ] {
        let refusal = refusal(&[flag]);
        assert!(refusal.starts_with(variable) && !refusal.contains("hunter2"), "{flag} gave {refusal}");
    }
}

#[test]
fn a_redis_address_that_is_none_is_refused_in_plain_words() {
    let refusal = refusal(&["--redis-url=cache"]);
    assert!(refusal.starts_with("KOTHA_REDIS_URL: must be like `redis://"), "{refusal}");
}

#[test]
fn push_goes_to_known_services_and_to_a_test_service_of_this_machine_only() {
    let config = resolve(&[], &["KOTHA_PUSH_SERVICES"]).expect("defaults");
    assert!(config.push.services.check("https://fcm.googleapis.com/fcm/send/x").is_ok());
    assert!(config.push.services.check("https://evil.example/x").is_err());
    assert_eq!((config.push.after_ms, config.push.contact), (8_000, None));
    let config = resolve(&["--push-services=*.push.example, other.example"], &[]).expect("two");
    assert!(config.push.services.check("https://a.push.example/x").is_ok());
    assert!(config.push.services.check("https://fcm.googleapis.com/fcm/send/x").is_err());
    for wrong in ["127.0.0.1", "https://push.example", "*", "push.example:8443"] {
        assert!(refusal(&[&format!("--push-services={wrong}")]).contains("KOTHA_PUSH_SERVICES"), "{wrong}");
    }
    assert!(refusal(&["--push-services="]).contains("names no push service"));
    assert!(resolve(&["--push-test-service=http://127.0.0.1:9090"], &[]).is_ok());
    for wrong in
        ["http://10.0.0.1:9090", "http://localhost:9090", "https://127.0.0.1/", "http://127.0.0.1/x", "x"]
    {
        let refused = refusal(&[&format!("--push-test-service={wrong}")]);
        assert!(refused.contains("KOTHA_PUSH_TEST_SERVICE"), "{wrong}");
    }
    let production = [
        "--esewa-environment=production",
        "--esewa-product-code=NP-ES-KOTHA",
        "--esewa-secret-key=another-key-0",
        "--public-url=https://rooms.example",
    ];
    let config = resolve(&production, &[]).expect("production");
    assert_eq!(config.push.contact.as_deref(), Some("https://rooms.example/"));
    let with_test = [&production[..], &["--push-test-service=http://127.0.0.1:9090"]].concat();
    assert!(refusal(&with_test).contains("production has none"));
    assert!(refusal(&["--push-contact=maya@rooms.example"]).contains("mailto:"));
    assert!(refusal(&["--push-after-s=3601"]).contains("KOTHA_PUSH_AFTER_S"));
}
