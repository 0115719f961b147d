//! The command line: which command was asked for, and what its exit code says.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::{self, Config, Settings};
use crate::{admin, app, emulator, reconcile, telemetry};

/// Kotha: a room-rental board where one verified eSewa payment opens a room's contact details and a chat.
#[derive(Debug, Parser)]
#[command(name = "kotha", version, about)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the product (the default).
    Serve,
    /// Bring the database to this version, and end.
    Migrate,
    /// Say which configuration is in force, secrets redacted; exit 1 when something is wrong.
    CheckConfig,
    /// Ask eSewa once about every payment whose check is due, and end.
    Reconcile,
    /// Serve the offline eSewa emulator alone, at `--sandbox-listen` (or `--listen`).
    Sandbox(SandboxOptions),
    /// Manage administrators.
    #[command(subcommand)]
    Admin(AdminCommand),
}

/// Where the emulator answers is `--sandbox-listen`, or `--listen` as it is alone; the rest is for programs that know
/// no other addresses than eSewa's own.
#[derive(Debug, Args)]
struct SandboxOptions {
    /// Answer under eSewa's own names as well, over TLS: the address for a hosts entry, or an HTTPS proxy.
    #[arg(long, requires = "tls_ca_file")]
    tls_listen: Option<SocketAddr>,
    /// Where to write the authority that such a program must trust; made anew at each start.
    #[arg(long, requires = "tls_listen")]
    tls_ca_file: Option<PathBuf>,
    /// Assume something else about eSewa, as `duplicate_uuid=refuse`; `GET /_sandbox/quirks` shows all. May be repeated.
    #[arg(long = "quirk", value_name = "NAME=VALUE", value_parser = emulator::Quirk::read)]
    quirks: Vec<emulator::Quirk>,
}

impl SandboxOptions {
    fn tls(&self) -> Option<emulator::TlsOptions> {
        Some(emulator::TlsOptions { listen: self.tls_listen?, ca_file: self.tls_ca_file.clone()? })
    }
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Make an administrator; the password is read from standard input.
    Add {
        /// Ten digits starting with 9.
        #[arg(long)]
        phone: String,
        /// Shown to others.
        #[arg(long)]
        name: String,
    },
}

/// Runs the program to its end.
pub async fn run() -> ExitCode {
    let matches = Cli::command().get_matches();
    let mut cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    if let Err(problem) = take_listen_for_sandbox(&mut cli, &matches) {
        say(&format!("configuration: {problem}"));
        return ExitCode::FAILURE;
    }
    let config = match Config::resolve(cli.settings, &config::environment_names()) {
        Ok(config) => config,
        Err(problems) => {
            for problem in &problems {
                say(&format!("configuration: {problem}"));
            }
            return ExitCode::FAILURE;
        }
    };
    if matches!(cli.command, Some(Command::CheckConfig)) {
        let mut out = std::io::stdout().lock();
        return match out.write_all(config.to_string().as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    if let Err(error) = telemetry::install(&config.log) {
        say(&error.to_string());
        return ExitCode::FAILURE;
    }
    match Box::pin(dispatch(cli.command.unwrap_or(Command::Serve), config)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// The emulator alone has one address, so `--listen` on its command line means that one. The variable `KOTHA_LISTEN`
/// may well be set for the server beside it, and means the server's still.
fn take_listen_for_sandbox(cli: &mut Cli, matches: &ArgMatches) -> Result<(), &'static str> {
    let said = |flag: &str| matches.value_source(flag) == Some(ValueSource::CommandLine);
    if !matches!(cli.command, Some(Command::Sandbox(_))) || !said("listen") {
        return Ok(());
    }
    if said("sandbox_listen") && cli.settings.sandbox_listen != cli.settings.listen {
        return Err("--listen and --sandbox-listen name two addresses for the one that the emulator has");
    }
    cli.settings.sandbox_listen = cli.settings.listen;
    Ok(())
}

async fn dispatch(command: Command, config: Config) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    match command {
        Command::Serve => app::serve(config).await?,
        Command::Migrate => app::migrate(&config).await?,
        Command::Reconcile => reconcile::once(&config).await?,
        Command::Sandbox(options) => {
            emulator::serve_alone(&config, &options.quirks, options.tls()).await?;
        }
        Command::Admin(AdminCommand::Add { phone, name }) => admin::add(&config, &phone, &name).await?,
        // Answered before logging was set up.
        Command::CheckConfig => {}
    }
    Ok(())
}

/// The error and everything it rests on, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut line = format!("kotha: {error}");
    let mut source = error.source();
    while let Some(error) = source {
        line.push_str(": ");
        line.push_str(&error.to_string());
        source = error.source();
    }
    line
}

/// To standard error, where a closed pipe is nobody's problem.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sandbox_listen(line: &[&str]) -> Result<String, &'static str> {
        let matches = Cli::command().get_matches_from(line);
        let mut cli = Cli::from_arg_matches(&matches).expect("a command line");
        take_listen_for_sandbox(&mut cli, &matches)?;
        Ok(cli.settings.sandbox_listen.to_string())
    }

    #[test]
    fn the_emulator_alone_listens_where_listen_says() {
        for line in [
            ["kotha", "sandbox", "--listen", "127.0.0.1:7001"],
            ["kotha", "--listen", "127.0.0.1:7001", "sandbox"],
            ["kotha", "sandbox", "--sandbox-listen", "127.0.0.1:7001"],
        ] {
            assert_eq!(sandbox_listen(&line).as_deref(), Ok("127.0.0.1:7001"), "{line:?}");
        }
        let serve = ["kotha", "serve", "--listen", "127.0.0.1:7001"];
        assert_eq!(sandbox_listen(&serve).as_deref(), Ok("127.0.0.1:8090"), "the product's own address");
    }

    #[test]
    fn a_quirk_has_a_name_and_a_value_that_exist() {
        let parsed =
            |quirk: &str| Cli::command().try_get_matches_from(["kotha", "sandbox", "--quirk", quirk]);
        for quirk in ["duplicate_uuid=refuse", "es104_http_status=200", "intent_callback_pauses_ms=[0,10]"] {
            assert!(parsed(quirk).is_ok(), "{quirk}");
        }
        for quirk in ["duplicate_uuid", "duplicate_uuid=maybe", "duplicate=refuse", "es104_http_status=99"] {
            assert!(parsed(quirk).is_err(), "{quirk}");
        }
    }

    #[test]
    fn two_addresses_for_one_emulator_are_refused() {
        let both = ["kotha", "sandbox", "--listen", "127.0.0.1:7001", "--sandbox-listen", "127.0.0.1:7002"];
        assert!(sandbox_listen(&both).is_err());
    }
}
