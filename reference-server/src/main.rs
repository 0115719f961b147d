//! The `kotha` program: reads the command line and the environment, and hands over.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    reference_server::cli::run().await
}
